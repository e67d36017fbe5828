//! Checks the settings of the transmitters of security events.

use super::Defaults;
use super::event_source::EventSource;
use crate::api_key;
use crate::bounded_file::read_secret;
use crate::redaction::redacted;
use crate::security_event::{EventTransmitter, PushAuthorization};
use crate::server::{Issuer, ResourceServerBuilder};

/// Largest accepted size of a file with the authorization, in bytes.
const FILE_LIMIT: u64 = 16 * 1024;

/// The valid settings of a transmitter.
pub(in crate::server) struct ValidTransmitter {
    pub(in crate::server) settings: EventTransmitter,
    /// The issuers of which the transmitter may speak.
    pub(in crate::server) about: Vec<String>,
    pub(in crate::server) authorization: Option<PushAuthorization>,
    /// Where its keys and its events are. `None` before [`check_source`](Self::check_source).
    pub(in crate::server) source: Option<EventSource>,
}

impl ValidTransmitter {
    /// Checks where the keys and the events of the transmitter are, which depends on the settings of
    /// the issuers and of the server.
    pub(in crate::server) fn check_source(
        &mut self,
        issuers: &[Issuer],
        defaults: &Defaults<'_>,
        problems: &mut Vec<String>,
    ) {
        self.source = self.settings.source(issuers, defaults, problems);
    }
}

impl ResourceServerBuilder {
    /// Checks the transmitters and returns those without problems.
    pub(in crate::server) fn valid_transmitters(
        &mut self,
        problems: &mut Vec<String>,
    ) -> Vec<ValidTransmitter> {
        let transmitters = std::mem::take(&mut self.event_transmitters);
        for (index, transmitter) in transmitters.iter().enumerate() {
            let earlier = transmitters.iter().take(index);
            if earlier.clone().any(|earlier| earlier.issuer == transmitter.issuer) {
                let issuer = redacted(&transmitter.issuer);
                problems.push(format!("the event transmitter `{issuer}` is configured twice"));
            }
        }
        transmitters
            .into_iter()
            .map(|transmitter| self.valid_transmitter(transmitter, problems))
            .collect()
    }

    fn valid_transmitter(
        &self,
        settings: EventTransmitter,
        problems: &mut Vec<String>,
    ) -> ValidTransmitter {
        let identifier = redacted(&settings.issuer);
        let problem = |text: &str| format!("the event transmitter `{identifier}` {text}");
        if settings.issuer.trim().is_empty() {
            problems.push("an event transmitter has an empty identifier".to_owned());
        }
        if settings.audiences.is_empty() {
            problems.push(problem("has no audience: set the `aud` of its events with `audience`"));
        }
        if settings.audiences.iter().any(|audience| audience.trim().is_empty()) {
            problems.push(problem("has an empty audience"));
        }
        let about = self.subjects_of(&settings, problems);
        let authorization = match authorization(&settings) {
            Ok(authorization) => authorization,
            Err(text) => {
                problems.push(problem(&text));
                None
            }
        };
        ValidTransmitter { settings, about, authorization, source: None }
    }

    /// Returns the issuers of which the transmitter may speak: those of `about`, and the transmitter
    /// itself if it is an issuer of the server.
    fn subjects_of(&self, settings: &EventTransmitter, problems: &mut Vec<String>) -> Vec<String> {
        let identifier = redacted(&settings.issuer);
        let is_issuer = |name: &str| self.issuers.iter().any(|issuer| issuer.identifier == name);
        let mut about: Vec<String> = Vec::new();
        for issuer in &settings.about {
            let is_known =
                is_issuer(issuer) || (issuer == api_key::ISSUER && self.api_keys.is_some());
            if !is_known {
                problems.push(format!(
                    "the `about` of the event transmitter `{identifier}` names `{}`, which is not \
                     the identifier of an issuer of this server",
                    redacted(issuer)
                ));
            }
            if !about.contains(issuer) {
                about.push(issuer.clone());
            }
        }
        if is_issuer(&settings.issuer) && !about.contains(&settings.issuer) {
            about.push(settings.issuer.clone());
        }
        if about.is_empty() {
            problems.push(format!(
                "the event transmitter `{identifier}` is not an issuer of this server: set `about` \
                 to the issuers whose tokens it may revoke"
            ));
        }
        about
    }
}

/// Returns the expected `Authorization`. The error is the predicate of a problem.
fn authorization(settings: &EventTransmitter) -> Result<Option<PushAuthorization>, String> {
    let checked = |text: &str| PushAuthorization::new(text).map_err(str::to_owned);
    match (&settings.push_authorization, &settings.push_authorization_file) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => {
            Err("has `push_authorization` and `push_authorization_file`: remove one of them"
                .to_owned())
        }
        (Some(text), None) => checked(text)
            .map(Some)
            .map_err(|problem| format!("has a `push_authorization` that {problem}")),
        (None, Some(path)) => {
            let parse = |content: &[u8]| {
                let text = str::from_utf8(content).map_err(|_| "is not UTF-8")?;
                checked(text.trim_end())
            };
            read_secret(path, FILE_LIMIT, parse).map(Some).map_err(|problem| {
                format!("has a `push_authorization_file` that cannot be used: {problem}")
            })
        }
    }
}
