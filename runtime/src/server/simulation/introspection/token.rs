//! The tokens of the simulated callers.

use super::super::log::Moment;
use super::super::signing::{POOLS, Signer, VALID};

/// The issuer whose JWTs are verified with its keys alone.
pub(super) const UNASKED: usize = 0;
/// The issuer that is asked about opaque tokens.
pub(super) const OPAQUE: usize = 1;
/// The issuer that is asked about its JWTs too.
pub(super) const ALWAYS: usize = 2;

/// The number of tokens that an issuer has given to clients. Each JWT has a key of its own with a
/// `kid` of its own.
pub(super) const TOKENS: u8 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Token {
    /// A JWT of the issuer that is not asked.
    Unasked(u8),
    /// An opaque token that its issuer has given to a client.
    Opaque(u8),
    /// An opaque text that nobody has given to anybody. Each one is different.
    Random(u32),
    /// A JWT about which its issuer is asked.
    Signed(u8),
    /// A JWT that names the issuer that is asked, and that another key has signed.
    Forged(u8),
}

impl Token {
    pub(super) fn text(self) -> String {
        match self {
            Self::Unasked(key) => POOLS[UNASKED].token(Signer::Issuer(key), 0).to_owned(),
            Self::Opaque(number) => format!("opaque-{number}"),
            Self::Random(number) => format!("random-{number}"),
            Self::Signed(key) => POOLS[ALWAYS].token(Signer::Issuer(key), 0).to_owned(),
            Self::Forged(key) => POOLS[ALWAYS].token(Signer::Forger(key), 0).to_owned(),
        }
    }

    /// Returns the token with this text.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        if let Some(number) = text.strip_prefix("random-") {
            return number.parse().ok().map(Self::Random);
        }
        let mut numbers = 0..TOKENS;
        numbers.find_map(|number| {
            let all = [Self::Unasked, Self::Opaque, Self::Signed, Self::Forged];
            all.into_iter().map(|token| token(number)).find(|token| token.text() == text)
        })
    }

    /// Returns the issuer that the token belongs to.
    pub(super) fn issuer(self) -> usize {
        match self {
            Self::Unasked(_) => UNASKED,
            Self::Opaque(_) | Self::Random(_) => OPAQUE,
            Self::Signed(_) | Self::Forged(_) => ALWAYS,
        }
    }

    /// Returns true if the issuer has given the token to a client, who may therefore use it.
    pub(super) fn is_genuine(self) -> bool {
        !matches!(self, Self::Random(_) | Self::Forged(_))
    }

    /// Returns true if the token is a JWT whose `exp` has passed at this moment.
    pub(super) fn expires_by(self, now: Moment) -> bool {
        !matches!(self, Self::Opaque(_) | Self::Random(_)) && now >= VALID
    }
}
