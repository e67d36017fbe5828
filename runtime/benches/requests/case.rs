//! The measured cases: the name and the work of each case, and the cases with which it is compared.

use axum_protected::Algorithm::{self, ES256, EdDSA, RS256};

use self::Memory::{Full, Off, Roomy};
use crate::common::case::{Case, case};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Requests to a handler without a guard.
    Plain,
    /// Requests with a new token each.
    FirstSeen(Algorithm),
    /// Requests that all have the same token.
    Repeated(Algorithm),
    /// Requests that all have the same token, to a handler that takes the token as an argument.
    Argument(Algorithm),
    /// Requests that all have the same token in a cookie, and evidence of the same origin.
    Cookie,
    /// Requests that all have the same configured API key.
    ApiKey,
    /// Requests that each have a different token.
    OneTime(Memory),
    /// Requests in which each token occurs twice.
    Twice(Memory),
    /// Requests that alternately have one of a few repeated tokens and a new token.
    Returning(Memory),
    Refused(Fault),
    /// The verification of a signature with a parsed key, without requests.
    Verification(Algorithm),
    /// The minimum work to recognise a known token, without requests.
    Comparison,
}

/// The size of the cache of verified tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Memory {
    Off,
    /// A cache that has room for all tokens of the bench.
    Roomy,
    /// A cache that other tokens have filled before the measurement.
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    NoToken,
    Malformed,
    Expired,
    BadSignature,
    UnknownKid,
    MissingScope,
}

pub(crate) const CASES: [Case<Work>; 27] = [
    case("plain handler", Work::Plain),
    case("first-seen token, RS256", Work::FirstSeen(RS256)),
    case("first-seen token, ES256", Work::FirstSeen(ES256)),
    case("first-seen token, EdDSA", Work::FirstSeen(EdDSA)),
    case("repeated token, RS256", Work::Repeated(RS256)),
    case("repeated token, ES256", Work::Repeated(ES256)),
    case("repeated token, EdDSA", Work::Repeated(EdDSA)),
    case("repeated token and argument, RS256", Work::Argument(RS256)),
    case("repeated token in a cookie, RS256", Work::Cookie),
    case("API key", Work::ApiKey),
    case("one-time tokens, memory off", Work::OneTime(Off)),
    case("one-time tokens, memory full", Work::OneTime(Full)),
    case("tokens that come twice, memory off", Work::Twice(Off)),
    case("tokens that come twice, memory with room", Work::Twice(Roomy)),
    case("tokens that come twice, memory full", Work::Twice(Full)),
    case("returning and one-time tokens, memory off", Work::Returning(Off)),
    case("returning and one-time tokens, memory full", Work::Returning(Full)),
    case("refused: no token", Work::Refused(Fault::NoToken)),
    case("refused: malformed", Work::Refused(Fault::Malformed)),
    case("refused: expired", Work::Refused(Fault::Expired)),
    case("refused: bad signature", Work::Refused(Fault::BadSignature)),
    case("refused: unknown kid", Work::Refused(Fault::UnknownKid)),
    case("refused: missing scope", Work::Refused(Fault::MissingScope)),
    case("floor: verify RS256", Work::Verification(RS256)),
    case("floor: verify ES256", Work::Verification(ES256)),
    case("floor: verify EdDSA", Work::Verification(EdDSA)),
    case("floor: hash and compare", Work::Comparison),
];

impl Work {
    /// Returns the minimum work that is a part of this work; `None` if the bench does not measure
    /// that part.
    pub(crate) fn floor(self) -> Option<Self> {
        match self {
            Self::FirstSeen(algorithm) => Some(Self::Verification(algorithm)),
            Self::Repeated(_) | Self::Argument(_) | Self::Cookie => Some(Self::Comparison),
            _ => None,
        }
    }

    /// Returns the size of the cache of verified tokens for this work.
    pub(crate) fn memory(self) -> Memory {
        match self {
            Self::OneTime(memory) | Self::Twice(memory) | Self::Returning(memory) => memory,
            _ => Roomy,
        }
    }

    /// Returns the same work with the cache of verified tokens disabled; `None` if the bench does
    /// not measure that.
    pub(crate) fn without_memory(self) -> Option<Self> {
        match self {
            Self::OneTime(_) => Some(Self::OneTime(Off)),
            Self::Twice(_) => Some(Self::Twice(Off)),
            Self::Returning(_) => Some(Self::Returning(Off)),
            _ => None,
        }
    }

    /// Returns the works with which the report compares this work.
    pub(crate) fn bases(self) -> Vec<Self> {
        let others = [self.floor(), self.without_memory()].into_iter().flatten();
        std::iter::once(Self::Plain).chain(others).collect()
    }
}
