//! An issuer that is up half of the time and has a new key after each interruption.

use std::sync::Arc;
use std::time::Duration;

use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{AUDIENCE, Reply, ScriptedIssuer, fresh_key};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::sleep;

const HALF: Duration = Duration::from_secs(15);

/// The key that currently signs the tokens.
#[derive(Clone)]
pub(crate) struct Signer {
    issuer: Arc<str>,
    keys: Arc<SigningKeys>,
}

impl Signer {
    /// Returns the first `Signer`, with an ES256 key from the published set.
    pub(crate) fn first(issuer: &ScriptedIssuer) -> Self {
        let keys = Arc::new(fresh_key());
        publish(issuer, &keys, &keys);
        Self { issuer: issuer.url().into(), keys }
    }

    pub(crate) fn token(&self) -> String {
        let token = TokenBuilder::new(&self.keys, &self.issuer, AUDIENCE);
        token.scope("items:read").sign()
    }
}

/// Repeatedly takes the issuer down and up again. Then publishes a new key beside the previous key,
/// and signs with the new key immediately.
pub(crate) async fn rotate(issuer: ScriptedIssuer, signing: watch::Sender<Signer>) {
    loop {
        sleep(HALF).await;
        issuer.down(true);
        sleep(HALF).await;
        issuer.down(false);
        let new = Arc::new(fresh_key());
        publish(&issuer, &new, &signing.borrow().keys);
        signing.send_modify(|signer| signer.keys = new);
    }
}

fn publish(issuer: &ScriptedIssuer, new: &SigningKeys, last: &SigningKeys) {
    let [new, last] = [new, last].map(|keys| keys.jwks()["keys"][0].clone());
    issuer.set(JWKS, Reply::json(&json!({ "keys": [new, last] })));
}
