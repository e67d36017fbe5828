//! What the requests of a case bring in their `Authorization` header.

use axum_protected::Algorithm;
use axum_protected_testing::{SigningKeys, TokenBuilder};

use crate::case::{Fault, Work};
use crate::common::tokens::token;
use crate::stage::ISSUER;

pub(crate) enum Credentials {
    Same(Option<String>),
    /// Signed where they are taken, which is never within what is measured.
    Fresh(SigningKeys, Algorithm),
}

impl Credentials {
    pub(crate) fn of(work: Work, keys: &SigningKeys) -> Self {
        let same = |token: TokenBuilder| Self::Same(Some(bearer(&token.sign())));
        let good = |algorithm| token(keys, ISSUER, algorithm);
        match work {
            Work::FirstSeen(algorithm) | Work::Verification(algorithm) => {
                Self::Fresh(keys.clone(), algorithm)
            }
            Work::Repeated(algorithm) => same(good(algorithm)),
            // The same request to a plain handler: what its header costs a server is no cost of the
            // guard.
            Work::Plain | Work::Comparison => same(good(Algorithm::RS256)),
            Work::Refused(fault) => Self::Same(faulty(fault, &good(Algorithm::RS256))),
        }
    }

    pub(crate) fn take(&self, count: usize) -> Vec<Option<String>> {
        let one = |_| match self {
            Self::Same(same) => same.clone(),
            Self::Fresh(keys, algorithm) => Some(bearer(&token(keys, ISSUER, *algorithm).sign())),
        };
        (0..count).map(one).collect()
    }
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

/// A signature of the right form, by the right key, of something else.
fn with_signature_of_another(good: &TokenBuilder) -> String {
    let (token, other) = (good.clone().sign(), good.clone().subject("bob").sign());
    let (message, _) = token.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    format!("{message}.{signature}")
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}
