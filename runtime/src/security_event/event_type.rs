//! The types of events, and their effects.

use crate::json::{Item, Object};

/// Effect of an event on the tokens of its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The session of the subject has ended. Without a session, all sessions of the user.
    SessionEnded,
    /// The tokens that were issued up to the time of the event are out of date.
    TokensOutdated,
    /// No token changes.
    Nothing,
    /// The event is about the stream, and has no subject that tokens name.
    Stream,
    /// The type is not known.
    Unknown,
}

const SSF: &str = "https://schemas.openid.net/secevent/ssf/event-type/";
const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";

/// Returns the effect of an event of this type with these claims:
///
/// | event | effect |
/// |---|---|
/// | CAEP `session-revoked` | the session, or all sessions of the user |
/// | CAEP `token-claims-change` | the tokens issued before |
/// | CAEP `credential-change`, except `change_type` `create` | the tokens issued before |
/// | CAEP `assurance-level-change`, except `change_direction` `increase` | the tokens issued before |
/// | RISC `account-disabled`, `account-purged`, `sessions-revoked`, `credential-compromise` | the tokens issued before |
/// | CAEP `device-compliance-change`, `risk-level-change`, `session-established`, `session-presented`, other RISC events | none |
/// | SSF `verification`, `stream-updated` | none |
///
/// Every kind of credential counts alike. A value that is missing or not known counts as the one with
/// the effect: a token too few is renewed, a token too many is misused.
pub(super) fn effect(event_type: &str, claims: Object<'_>) -> Effect {
    let is = |claim: &str, value: &str| {
        claims.get(claim).and_then(Item::as_str).is_some_and(|text| text == value)
    };
    let outdated_unless =
        |harmless: bool| if harmless { Effect::Nothing } else { Effect::TokensOutdated };
    if let Some(name) = event_type.strip_prefix(CAEP) {
        return match name {
            "session-revoked" => Effect::SessionEnded,
            "token-claims-change" => Effect::TokensOutdated,
            "credential-change" => outdated_unless(is("change_type", "create")),
            "assurance-level-change" => outdated_unless(is("change_direction", "increase")),
            "device-compliance-change"
            | "risk-level-change"
            | "session-established"
            | "session-presented" => Effect::Nothing,
            // Drafts of the Shared Signals Framework used this prefix.
            "stream-updated" => Effect::Stream,
            _ => Effect::Unknown,
        };
    }
    if let Some(name) = event_type.strip_prefix(RISC) {
        return match name {
            "account-disabled"
            | "account-purged"
            | "sessions-revoked"
            | "credential-compromise" => Effect::TokensOutdated,
            "account-credential-change-required"
            | "account-enabled"
            | "identifier-changed"
            | "identifier-recycled"
            | "opt-in"
            | "opt-out-initiated"
            | "opt-out-cancelled"
            | "opt-out-effective"
            | "recovery-activated"
            | "recovery-information-changed" => Effect::Nothing,
            "verification" => Effect::Stream,
            _ => Effect::Unknown,
        };
    }
    match event_type.strip_prefix(SSF) {
        Some("verification" | "stream-updated") => Effect::Stream,
        _ => Effect::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn each_event_has_its_effect() {
        use Effect::{Nothing, SessionEnded, Stream, TokensOutdated, Unknown};
        let cases = [
            (CAEP, "session-revoked", "{}", SessionEnded),
            (CAEP, "token-claims-change", r#"{"claims":{"role":"ro"}}"#, TokensOutdated),
            (CAEP, "credential-change", r#"{"change_type":"create"}"#, Nothing),
            (CAEP, "credential-change", r#"{"change_type":"revoke"}"#, TokensOutdated),
            (CAEP, "credential-change", r#"{"change_type":"update"}"#, TokensOutdated),
            (CAEP, "credential-change", r#"{"change_type":"delete"}"#, TokensOutdated),
            (CAEP, "credential-change", r#"{"change_type":"Create"}"#, TokensOutdated),
            (CAEP, "credential-change", r#"{"change_type":["create"]}"#, TokensOutdated),
            (CAEP, "credential-change", "{}", TokensOutdated),
            (CAEP, "assurance-level-change", r#"{"change_direction":"increase"}"#, Nothing),
            (CAEP, "assurance-level-change", r#"{"change_direction":"decrease"}"#, TokensOutdated),
            (CAEP, "assurance-level-change", r#"{"change_direction":"x"}"#, TokensOutdated),
            (CAEP, "assurance-level-change", r#"{"current_level":"1"}"#, TokensOutdated),
            (CAEP, "device-compliance-change", r#"{"current_status":"not-compliant"}"#, Nothing),
            (CAEP, "risk-level-change", r#"{"current_level":"HIGH"}"#, Nothing),
            (CAEP, "session-established", "{}", Nothing),
            (CAEP, "session-presented", "{}", Nothing),
            (CAEP, "stream-updated", "{}", Stream),
            (CAEP, "Session-Revoked", "{}", Unknown),
            (CAEP, "session-revoked/", "{}", Unknown),
            (CAEP, "", "{}", Unknown),
            (RISC, "account-disabled", r#"{"reason":"hijacking"}"#, TokensOutdated),
            (RISC, "account-purged", "{}", TokensOutdated),
            (RISC, "sessions-revoked", "{}", TokensOutdated),
            (RISC, "credential-compromise", "{}", TokensOutdated),
            (RISC, "account-enabled", "{}", Nothing),
            (RISC, "session-revoked", "{}", Unknown),
            (SSF, "verification", r#"{"state":"x"}"#, Stream),
            (SSF, "stream-updated", r#"{"status":"paused"}"#, Stream),
            (SSF, "session-revoked", "{}", Unknown),
            ("", "session-revoked", "{}", Unknown),
        ];
        for (prefix, name, claims, expected) in cases {
            let document = json::object(claims.as_bytes()).unwrap();
            let event_type = format!("{prefix}{name}");
            assert_eq!(effect(&event_type, document.root()), expected, "{event_type} {claims}");
        }
    }
}
