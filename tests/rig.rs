//! Support for tests of behaviour: a scripted issuer, an application that counts its calls, a raw
//! HTTP client, and readers of responses and logs.

#![allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::return_self_not_must_use,
    clippy::unwrap_used,
    missing_debug_implementations,
    missing_docs,
    reason = "test support may panic"
)]

#[path = "rig/app.rs"]
pub mod app;
#[path = "rig/client.rs"]
pub mod client;
#[path = "rig/issuer.rs"]
pub mod issuer;
#[path = "rig/log.rs"]
pub mod log;
#[path = "rig/refusal.rs"]
pub mod refusal;
#[path = "rig/revocation_log.rs"]
pub mod revocation_log;
#[path = "rig/two_crates.rs"]
pub mod two_crates;

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc;
use std::time::Duration;

use axum_protected::{Algorithm, ResourceServer, ResourceServerBuilder};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use self::app::App;
pub use self::client::{Answer, Call, Connection};
pub use self::issuer::{Gate, Reply, ScriptedIssuer};
pub use self::log::Log;
pub use self::refusal::{Challenge, refused, refused_in};
pub use self::revocation_log::{LogBehaviour, ScriptedLog};

/// The audience of the API under test.
pub const AUDIENCE: &str = "https://api.example.com";

/// The timeout of every wait.
const PATIENCE: Duration = Duration::from_secs(30);

/// Returns RS256, ES256 and `EdDSA` keys. The process generates these keys once, because RSA keys
/// take seconds in a debug build.
pub fn keys() -> &'static SigningKeys {
    static KEYS: OnceLock<SigningKeys> = OnceLock::new();
    let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
    KEYS.get_or_init(|| SigningKeys::generate(&algorithms).unwrap())
}

/// Generates a new ES256 key, which is fast.
pub fn fresh_key() -> SigningKeys {
    SigningKeys::generate(&[Algorithm::ES256]).unwrap()
}

/// Returns the `kid` of the key at this index.
pub fn kid(keys: &SigningKeys, index: usize) -> String {
    keys.jwks()["keys"][index]["kid"].as_str().unwrap().to_owned()
}

/// Returns a valid token of this issuer. The shared keys sign the token.
pub fn token(issuer: &str) -> TokenBuilder {
    TokenBuilder::new(keys(), issuer, AUDIENCE)
}

/// Returns the builder of a server that trusts this issuer and has the audience of all tests.
pub fn trusting(issuer: impl Into<axum_protected::Issuer>) -> ResourceServerBuilder {
    ResourceServer::builder().issuer(issuer).audience(AUDIENCE)
}

/// Waits until the server has the keys of all issuers. On a busy machine this function waits longer
/// than [`ResourceServer::ready`].
pub async fn ready(server: &ResourceServer) {
    let ready = async { while server.ready().await.is_err() {} };
    bounded("the keys of all issuers", ready).await;
}

/// Returns a compact token with this header, these claims and an invalid signature.
pub fn compact(header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
    let signature = encode([7; 64]);
    format!("{}.{}.{signature}", encode(header), encode(claims))
}

pub fn encode(octets: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

/// Waits for a future. The timeout uses the real clock, even if the clock of the tokio runtime is
/// paused.
pub async fn bounded<F: Future>(what: &str, future: F) -> F::Output {
    let (finished, receiver) = mpsc::channel::<()>();
    let (timeout_sender, timeout) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        if receiver.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
            let _ = timeout_sender.send(());
        }
    });
    let outcome = tokio::select! {
        outcome = future => outcome,
        Ok(()) = timeout => panic!("timed out: {what}"),
    };
    drop(finished);
    outcome
}
