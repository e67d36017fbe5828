//! The cases: what is done, what it is called, and what it is compared with.

use axum_protected::Algorithm::{self, ES256, EdDSA, RS256};

use self::Memory::{Full, Off, Roomy};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// A handler without a guard.
    Plain,
    /// Each token is new to the server.
    FirstSeen(Algorithm),
    /// Always the same token.
    Repeated(Algorithm),
    /// The same, to a handler that takes the token as an argument too.
    Argument(Algorithm),
    /// Each token once.
    OneTime(Memory),
    /// Each token twice.
    Twice(Memory),
    /// In turn one of a few tokens that return, and one that does not.
    Returning(Memory),
    Refused(Fault),
    /// The signature and nothing else, with a key parsed once.
    Verification(Algorithm),
    /// What telling that a token is a known one takes at least.
    Comparison,
}

/// The server's memory of verified tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Memory {
    Off,
    /// So large that nothing here fills it.
    Roomy,
    /// Small, and full of other tokens.
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

#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) work: Work,
}

const fn case(name: &'static str, work: Work) -> Case {
    Case { name, work }
}

pub(crate) const CASES: [Case; 25] = [
    case("plain handler", Work::Plain),
    case("first-seen token, RS256", Work::FirstSeen(RS256)),
    case("first-seen token, ES256", Work::FirstSeen(ES256)),
    case("first-seen token, EdDSA", Work::FirstSeen(EdDSA)),
    case("repeated token, RS256", Work::Repeated(RS256)),
    case("repeated token, ES256", Work::Repeated(ES256)),
    case("repeated token, EdDSA", Work::Repeated(EdDSA)),
    case("repeated token and argument, RS256", Work::Argument(RS256)),
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
    /// The floor that it stands on.
    pub(crate) fn floor(self) -> Option<Self> {
        match self {
            Self::FirstSeen(algorithm) => Some(Self::Verification(algorithm)),
            Self::Repeated(_) | Self::Argument(_) => Some(Self::Comparison),
            _ => None,
        }
    }

    /// The memory of the server that it goes to.
    pub(crate) fn memory(self) -> Memory {
        match self {
            Self::OneTime(memory) | Self::Twice(memory) | Self::Returning(memory) => memory,
            _ => Roomy,
        }
    }

    /// The same without the memory.
    pub(crate) fn without_memory(self) -> Option<Self> {
        match self {
            Self::OneTime(_) => Some(Self::OneTime(Off)),
            Self::Twice(_) => Some(Self::Twice(Off)),
            Self::Returning(_) => Some(Self::Returning(Off)),
            _ => None,
        }
    }
}

/// Those with a wanted name, and what they are compared with.
pub(crate) fn chosen(wanted: impl Fn(&str) -> bool) -> Vec<Case> {
    let named: Vec<Work> =
        CASES.iter().filter(|case| wanted(case.name)).map(|case| case.work).collect();
    let bases: Vec<Work> =
        named.iter().flat_map(|work| [work.floor(), work.without_memory()]).flatten().collect();
    let mut cases = CASES.to_vec();
    cases.retain(|case| {
        let is_base = case.work == Work::Plain && !named.is_empty();
        is_base || named.contains(&case.work) || bases.contains(&case.work)
    });
    cases
}
