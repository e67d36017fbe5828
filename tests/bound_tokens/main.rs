//! Tests tokens that are bound to a key of the client, over real HTTP.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod certificates;
mod configuration;
mod counting_store;
mod credentials;
mod nonces;
mod once;
mod profiles;
mod proofs;
mod replays;

use axum_protected::dpop::Dpop;
use axum_protected::{Issuer, ResourceServerBuilder};
use axum_protected_testing::{DpopKey, DpopProof, TokenBuilder};
use axum_protected_tests::{App, Call, keys, token, trusting};

const ISSUER: &str = "https://id.example.com/realms/acme";

/// The URL under which clients reach the API. A proxy on another address passes the requests on.
const URL: &str = "https://api.example.com";

/// Returns the builder of a server with an issuer whose keys are configured.
fn trusted() -> ResourceServerBuilder {
    trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
}

/// Returns the builder of a server that accepts DPoP.
fn accepting(settings: Dpop) -> ResourceServerBuilder {
    trusted().public_url(URL).dpop(settings)
}

async fn serve(settings: Dpop) -> App {
    App::serve(accepting(settings).build().unwrap()).await
}

/// A client with a key and a token that is bound to the key.
#[derive(Clone)]
struct Client {
    key: DpopKey,
    token: String,
}

impl Client {
    fn new() -> Self {
        Self::with(|token| token)
    }

    fn with(change: impl FnOnce(TokenBuilder) -> TokenBuilder) -> Self {
        Self::of(DpopKey::generate().unwrap(), change)
    }

    fn of(key: DpopKey, change: impl FnOnce(TokenBuilder) -> TokenBuilder) -> Self {
        let token = token(ISSUER).scope("items:read items:write").bound_to(&key);
        Self { token: change(token).sign(), key }
    }

    /// Returns a valid proof for a request with this method to this path.
    fn proof(&self, method: &str, path: &str) -> DpopProof {
        self.key.proof(method, format!("{URL}{path}")).access_token(&self.token)
    }

    /// Returns a valid request.
    fn get(&self, path: &str) -> Call {
        self.call("GET", path, &self.proof("GET", path))
    }

    fn call(&self, method: &str, path: &str, proof: &DpopProof) -> Call {
        self.unproven(method, path).header("DPoP", proof.clone().sign())
    }

    /// Returns a request without a proof.
    fn unproven(&self, method: &str, path: &str) -> Call {
        Call::new(method, path).header("Authorization", format!("DPoP {}", self.token))
    }
}

/// Asserts that the application refuses a request with this status and code, in the words of the
/// standard, and that no handler runs.
async fn refuses(app: &App, call: &Call, status: u16, code: &str) {
    let before = app.total_calls();
    let answer = call.send(app.address).await;
    let text = answer.text();
    assert_eq!(answer.status, status, "{code}: {text}");
    if answer.method != "HEAD" {
        assert_eq!(answer.value()["code"], code, "{text}");
    }
    assert_eq!(app.total_calls(), before, "{code}: handler calls");
    let error = match (status, code) {
        (401, "missing_token") | (503, _) => None,
        (400, _) => Some("invalid_request"),
        (401, "invalid_dpop_proof" | "use_dpop_nonce") => Some(code),
        (401, _) => Some("invalid_token"),
        _ => panic!("the status {status}"),
    };
    let challenges = answer.all("www-authenticate");
    let named = challenges.iter().filter(|challenge| challenge.contains("error="));
    match error {
        None => assert_eq!(named.count(), 0, "{challenges:?}"),
        Some(error) => {
            let parameter = format!("error=\"{error}\"");
            assert!(named.clone().count() > 0, "{challenges:?}");
            assert!(
                named.clone().all(|challenge| challenge.contains(&parameter)),
                "{challenges:?}"
            );
        }
    }
}
