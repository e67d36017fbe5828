//! Tests which tokens an event concerns.

use super::*;

const OWN: &str = "https://id.example.com";
const OTHER: &str = "https://partner.example.com";
const NOT_PERMITTED: &str = "https://bank.example.com";
const UNKNOWN: &str = "https://unknown.example.com";

fn found<'a>(
    effect: Effect,
    subject: Subject<'a>,
    about: &'a [String],
) -> Result<Vec<Target<'a>>, Rule> {
    let trusted = vec![OWN, OTHER, NOT_PERMITTED];
    let permissions = Permissions { transmitter: OWN, about, trusted };
    targets(effect, subject, &permissions)
}

const fn user(issuer: &str) -> Part<'_> {
    Part::User { issuer, subject: "alice" }
}

#[test]
fn the_subject_and_the_effect_determine_the_tokens() {
    use Effect::{Nothing, SessionEnded, Stream, TokensOutdated, Unknown};
    let alice = Subject::User { issuer: OWN, subject: "alice" };
    let both = Subject::Complex { user: Some(user(OWN)), session: Some(Part::Opaque("s1")) };
    let only_session = Subject::Complex { user: None, session: Some(Part::Opaque("s1")) };
    let of_alice = Target::Subject { issuer: OWN, subject: "alice" };
    let of_session = Target::Session { issuer: OWN, id: "s1" };
    let maybe_user = Target::Subject { issuer: OWN, subject: "s1" };
    let token = Subject::Token { issuer: OWN, id: "t1" };
    let unclear = Subject::Complex { user: Some(Part::Other), session: Some(Part::Other) };
    let session_unclear = Subject::Complex { user: Some(user(OWN)), session: Some(Part::Other) };
    let cases: &[(Effect, Subject<'_>, &[Target<'_>])] = &[
        (SessionEnded, alice, &[of_alice]),
        (TokensOutdated, alice, &[of_alice]),
        (Nothing, alice, &[]),
        (Stream, alice, &[]),
        (Unknown, alice, &[]),
        (SessionEnded, Subject::Opaque("s1"), &[of_session, maybe_user]),
        (TokensOutdated, Subject::Opaque("s1"), &[maybe_user]),
        (SessionEnded, both, &[of_session]),
        (TokensOutdated, both, &[of_alice]),
        (SessionEnded, only_session, &[of_session]),
        (TokensOutdated, only_session, &[of_session]),
        (SessionEnded, session_unclear, &[of_alice]),
        (SessionEnded, unclear, &[]),
        (TokensOutdated, token, &[Target::Token { issuer: OWN, id: "t1" }]),
        (SessionEnded, Subject::Other, &[]),
    ];
    let about = [OWN.to_owned()];
    for (effect, subject, expected) in cases {
        assert_eq!(found(*effect, *subject, &about).as_deref(), Ok(*expected), "{subject:?}");
    }
}

#[test]
fn a_transmitter_speaks_only_of_permitted_issuers() {
    let about = [OWN.to_owned(), OTHER.to_owned()];
    let of = |issuer| {
        let subjects = [
            Subject::User { issuer, subject: "alice" },
            Subject::Token { issuer, id: "t1" },
            Subject::Complex { user: Some(user(issuer)), session: Some(Part::Opaque("s1")) },
            Subject::Complex { user: Some(Part::Other), session: Some(user(issuer)) },
        ];
        subjects.map(|subject| {
            found(Effect::SessionEnded, subject, &about).map(|targets| targets.len())
        })
    };
    assert_eq!(of(OWN), [Ok(1); 4]);
    assert_eq!(of(OTHER), [Ok(1); 4]);
    assert_eq!(of(NOT_PERMITTED), [Err(Rule::SubjectForeign); 4]);
    // Its tokens are refused anyway.
    assert_eq!(of(UNKNOWN), [Ok(0); 4]);
}

#[test]
fn an_identifier_without_an_issuer_is_of_the_transmitter_or_of_the_only_issuer() {
    let opaque = Subject::Opaque("s1");
    let issuer_of = |about: &[&str]| {
        let about: Vec<_> = about.iter().map(|issuer| (*issuer).to_owned()).collect();
        let targets = found(Effect::TokensOutdated, opaque, &about).unwrap();
        targets.first().map(|target| target.issuer().to_owned())
    };
    assert_eq!(issuer_of(&[OWN]).as_deref(), Some(OWN));
    assert_eq!(issuer_of(&[OTHER]).as_deref(), Some(OTHER));
    assert_eq!(issuer_of(&[OTHER, OWN]).as_deref(), Some(OWN));
    assert_eq!(issuer_of(&[OTHER, NOT_PERMITTED]), None);
}
