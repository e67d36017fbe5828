//! The tokens of the test.

use std::time::UNIX_EPOCH;

use axum_protected::Algorithm;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected_testing::{AuthorizationServer, TokenBuilder};
use serde_json::{Value, json};

use crate::victim::Victim;

/// The age of each token when it is signed, so that an instance whose clock is late takes it as issued.
const AGE: u64 = 3600;

/// The rest of the lifetime of each token.
const REST: u64 = 3 * 3600;

/// The signer of all tokens.
#[derive(Debug)]
pub(crate) struct Tokens {
    issuer: AuthorizationServer,
    /// The token of the operator, which is never revoked.
    pub(crate) operator: String,
}

impl Tokens {
    pub(crate) async fn start() -> Self {
        let issuer = AuthorizationServer::start().await.expect("an authorization server");
        let operator = with_times(issuer.token().subject("operator"));
        let operator = operator.scope("revocations:write").sign();
        Self { issuer, operator }
    }

    pub(crate) fn issuer(&self) -> &str {
        self.issuer.issuer()
    }

    pub(crate) fn audience(&self) -> &'static str {
        self.issuer.audience()
    }

    /// Returns a token that is never revoked.
    pub(crate) fn valid(&self) -> String {
        self.token(&format!("valid-{:032x}", fastrand::u128(..))).sign()
    }

    /// Returns a token, and the body of the request that revokes it by one of its names.
    pub(crate) fn victim(&self, place: usize) -> (Victim, Value) {
        let name = format!("victim-{:032x}", fastrand::u128(..));
        let kinds = ["token", "session", "subject", "client"];
        let kind = kinds[fastrand::usize(..kinds.len())];
        let now = now();
        let mut body = json!({ "issuer": self.issuer(), kind: name, "until": now + REST });
        if matches!(kind, "subject" | "client") {
            // The clock of the instance may be late.
            body["issued_until"] = now.into();
        }
        (Victim::new(self.token(&name).sign(), kind, place), body)
    }

    /// Returns a builder of a token, with this text as each name by which it can be revoked.
    fn token(&self, name: &str) -> TokenBuilder {
        let token = with_times(self.issuer.token().subject(name)).scope("items:read");
        ["jti", "sid", "client_id"].into_iter().fold(token, |token, claim| token.claim(claim, name))
    }
}

fn with_times(token: TokenBuilder) -> TokenBuilder {
    let now = now();
    // RSA signatures would take most of the time of the test.
    let token = token.algorithm(Algorithm::ES256);
    token.claim("iat", now - AGE).claim("exp", now + REST)
}

fn now() -> u64 {
    SystemClock.now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs()
}
