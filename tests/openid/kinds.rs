//! Tests that ID tokens and logout tokens are never access tokens.

use axum_protected::Provider as Product;
use axum_protected::{Issuer, ResourceServer};
use axum_protected_testing::{ManualClock, TokenBuilder};
use axum_protected_tests::{App, Call, trusting};
use serde_json::Value;

use super::{CLIENT, ISSUER, NOW, access_token, epoch, id_token, logout_token};

/// Returns a server whose API has the client id as its audience, so that only the kind of the token
/// can refuse it.
fn server(change: impl FnOnce(Issuer) -> Issuer) -> ResourceServer {
    let issuer = Issuer::new(ISSUER).jwks(axum_protected_tests::keys().jwks()).audience(CLIENT);
    trusting(change(issuer)).clock(ManualClock::at(epoch(NOW))).build().unwrap()
}

#[tokio::test]
async fn the_guard_refuses_id_tokens_and_logout_tokens() {
    let without_type = |token: TokenBuilder| token.header("typ", Value::Null).without("typ");
    for server in [server(|issuer| issuer), server(|issuer| issuer.provider(Product::Keycloak))] {
        let app = App::serve(server).await;
        app.grants(&Call::get("/api/me").bearer(&access_token().sign())).await;
        for token in [
            id_token(),
            id_token().without("nonce"),
            without_type(id_token()),
            logout_token(),
            without_type(logout_token()),
        ] {
            let call = Call::get("/api/me").bearer(&token.sign());
            app.refuses(&call, 401, "wrong_type").await;
        }
    }
}
