//! The tokens of the simulation. They are signed once for the process.

use std::sync::LazyLock;
use std::time::{Duration, UNIX_EPOCH};

use axum_protected::Issuer;
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::AUDIENCE;

use super::fact::BEGINNING;

pub(crate) const TOKENS: usize = 16;
/// The tokens of the first issuer. The other issuer has the rest.
const OF_FIRST: usize = 11;
const SECRET: [u8; 32] = [0x5A; 32];
/// The `iat` of every other token.
pub(crate) const EARLY: u64 = BEGINNING - 2000;
/// The `iat` of the other tokens.
pub(crate) const LATE: u64 = BEGINNING - 1000;

/// The claims of a token that revocations name. Tokens share sessions, subjects and clients, also
/// with tokens of another issuer.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) issuer: u8,
    pub(crate) jti: u32,
    pub(crate) sid: u32,
    pub(crate) sub: u32,
    pub(crate) client: u32,
    pub(crate) iat: u64,
    pub(crate) text: String,
}

pub(crate) static ALL: LazyLock<Vec<Token>> = LazyLock::new(|| {
    let keys = SigningKeys::shared_secret(SECRET);
    (0..TOKENS).map(|index| Token::sign(index, &keys)).collect()
});

impl Token {
    fn sign(index: usize, keys: &SigningKeys) -> Self {
        let number = u32::try_from(index).unwrap();
        let issuer = u8::from(index >= OF_FIRST);
        let (sid, sub, client) = (number / 2, number / 3, number / 4);
        let iat = if index.is_multiple_of(2) { EARLY } else { LATE };
        let builder = TokenBuilder::new(keys, &issuer_name(issuer), AUDIENCE)
            .claim("jti", format!("t{number}"))
            .claim("sid", format!("s{sid}"))
            .claim("client_id", format!("c{client}"))
            .claim("iat", iat)
            .subject(&format!("u{sub}"))
            .expires_at(UNIX_EPOCH + Duration::from_secs(BEGINNING + 86_400));
        Self { issuer, jti: number, sid, sub, client, iat, text: builder.sign() }
    }
}

pub(crate) fn issuer_name(issuer: u8) -> String {
    format!("https://issuer-{issuer}.example.com")
}

/// Returns the settings of an issuer, which signs with a shared secret.
pub(crate) fn issuer(issuer: u8) -> Issuer {
    Issuer::new(issuer_name(issuer)).shared_secret(SECRET)
}
