//! What the behaviour tests stand on: an issuer that does as it is told, an application that counts
//! its calls, a client that sends what no client library would, and readers of what comes back.

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
    reason = "a tool of tests: what it cannot do is a failed test"
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
pub use self::refusal::{Challenge, refused};

/// What the API under test is called in `aud`.
pub const AUDIENCE: &str = "https://api.example.com";

/// The longest that a condition may take to come about.
const PATIENCE: Duration = Duration::from_secs(30);

/// RS256, ES256 and `EdDSA`, made once for the process: RSA keys take long in a debug build.
pub fn keys() -> &'static SigningKeys {
    static KEYS: OnceLock<SigningKeys> = OnceLock::new();
    let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
    KEYS.get_or_init(|| SigningKeys::generate(&algorithms).unwrap())
}

/// One fresh key, which takes no time to make.
pub fn fresh_key() -> SigningKeys {
    SigningKeys::generate(&[Algorithm::ES256]).unwrap()
}

/// The `kid` of the key at this place of the set.
pub fn kid(keys: &SigningKeys, index: usize) -> String {
    keys.jwks()["keys"][index]["kid"].as_str().unwrap().to_owned()
}

/// A good token of this issuer, by the shared keys.
pub fn token(issuer: &str) -> TokenBuilder {
    TokenBuilder::new(keys(), issuer, AUDIENCE)
}

/// Trusts this issuer, for the audience of all tests.
pub fn trusting(issuer: impl Into<axum_protected::Issuer>) -> ResourceServerBuilder {
    ResourceServer::builder().issuer(issuer).audience(AUDIENCE)
}

/// Waits for the keys of all issuers: longer than [`ResourceServer::ready`] where the machine is busy.
pub async fn ready(server: &ResourceServer) {
    let ready = async { while server.ready().await.is_err() {} };
    bounded("the keys of all issuers", ready).await;
}

/// A compact token from what its parts shall say, with a signature that nobody made.
pub fn compact(header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
    let signature = encode([7; 64]);
    format!("{}.{}.{signature}", encode(header), encode(claims))
}

pub fn encode(octets: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

/// Waits for what has to come, by the real clock even where the runtime's is paused.
pub async fn bounded<F: Future>(what: &str, future: F) -> F::Output {
    let (done, over) = mpsc::channel::<()>();
    let (late, lateness) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        if over.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
            let _ = late.send(());
        }
    });
    let outcome = tokio::select! {
        outcome = future => outcome,
        Ok(()) = lateness => panic!("in vain: {what}"),
    };
    drop(done);
    outcome
}
