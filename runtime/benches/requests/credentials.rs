//! The `Authorization` headers, or the cookies, of the requests of a case.

use axum_protected::Algorithm;
use axum_protected_testing::{SigningKeys, TokenBuilder};

use crate::case::{Fault, Work};
use crate::common::tokens::token;
use crate::stage::{API_KEY, COOKIE, ISSUER};

/// The number of repeated tokens. The number is so small that the server has verified all repeated
/// tokens before the counted requests begin.
const RETURNING: usize = 4;
/// The number of new tokens that are sent before the same tokens are sent again.
const GROUP: usize = 10;

pub(crate) enum Credentials {
    Same(Option<String>),
    /// New tokens, which `take` signs outside the measured part.
    Fresh(SigningKeys, Algorithm),
    /// New tokens in small groups. Each group is sent twice.
    Twice(SigningKeys),
    /// One of the given tokens and a new token, alternately.
    Returning(Vec<String>, SigningKeys),
}

impl Credentials {
    pub(crate) fn of(work: Work, keys: &SigningKeys) -> Self {
        let same = |token: TokenBuilder| Self::Same(Some(bearer(&token.sign())));
        let good = |algorithm| token(keys, ISSUER, algorithm);
        match work {
            Work::FirstSeen(algorithm) | Work::Verification(algorithm) => {
                Self::Fresh(keys.clone(), algorithm)
            }
            Work::Cookie => Self::Same(Some(format!("{COOKIE}={}", good(Algorithm::RS256).sign()))),
            Work::ApiKey => Self::Same(Some(bearer(API_KEY))),
            Work::OneTime(_) => Self::Fresh(keys.clone(), Algorithm::RS256),
            Work::Twice(_) => Self::Twice(keys.clone()),
            Work::Returning(_) => {
                let few = (0..RETURNING).map(|_| bearer(&good(Algorithm::RS256).sign()));
                Self::Returning(few.collect(), keys.clone())
            }
            Work::Repeated(algorithm) | Work::Argument(algorithm) => same(good(algorithm)),
            // The plain handler gets the same request as the guarded handler, so that the cost of
            // the header does not count as a cost of the guard.
            Work::Plain | Work::Comparison => same(good(Algorithm::RS256)),
            Work::Refused(fault) => Self::Same(faulty(fault, &good(Algorithm::RS256))),
        }
    }

    pub(crate) fn take(&self, count: usize) -> Vec<Option<String>> {
        match self {
            Self::Same(same) => vec![same.clone(); count],
            Self::Fresh(keys, algorithm) => fresh(keys, *algorithm).take(count).collect(),
            Self::Twice(keys) => {
                let groups = std::iter::repeat_with(|| {
                    let group: Vec<_> = fresh(keys, Algorithm::RS256).take(GROUP).collect();
                    [group.clone(), group].concat()
                });
                groups.flatten().take(count).collect()
            }
            Self::Returning(few, keys) => {
                let returning = few.iter().cycle().cloned().map(Some);
                let pairs = returning.zip(fresh(keys, Algorithm::RS256));
                let both = pairs.flat_map(|(returning, fresh)| [returning, fresh]);
                both.take(count).collect()
            }
        }
    }
}

fn fresh(keys: &SigningKeys, algorithm: Algorithm) -> impl Iterator<Item = Option<String>> {
    std::iter::repeat_with(move || Some(bearer(&token(keys, ISSUER, algorithm).sign())))
}

fn faulty(fault: Fault, good: &TokenBuilder) -> Option<String> {
    let token = match fault {
        Fault::NoToken => return None,
        Fault::Malformed => "no-token".to_owned(),
        Fault::Expired => good.clone().expired().sign(),
        Fault::BadSignature => with_signature_of_another(good),
        Fault::UnknownKid => good.clone().header("kid", "unknown").sign(),
        Fault::MissingScope => good.clone().scope("openid profile email").sign(),
    };
    Some(bearer(&token))
}

/// Returns a token whose signature is well-formed and made with the right key, but belongs to
/// another token.
fn with_signature_of_another(good: &TokenBuilder) -> String {
    let (token, other) = (good.clone().sign(), good.clone().subject("bob").sign());
    let (message, _) = token.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    format!("{message}.{signature}")
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}
