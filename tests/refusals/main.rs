//! Tests refusals over real HTTP. Each test also sends the same request without its defect, and the
//! API accepts that request.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod challenge;
mod confidentiality;
mod cors;
mod credential_placement;
mod dpop_challenges;
mod log;
mod negotiation;
mod refusal_table;
mod routes;
mod secure_transport;
mod token_location;

use axum_protected::{ResourceServer, ResourceServerBuilder};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{App, ScriptedIssuer, ready, trusting};

/// An issuer with keys and an application that trusts it.
struct Bench {
    issuer: ScriptedIssuer,
    server: ResourceServer,
    app: App,
}

impl Bench {
    async fn start() -> Self {
        Self::configured(|builder| builder).await
    }

    async fn configured(more: fn(ResourceServerBuilder) -> ResourceServerBuilder) -> Self {
        let issuer = ScriptedIssuer::start().await;
        let server = more(trusting(issuer.url())).build().unwrap();
        ready(&server).await;
        let app = App::serve(server.clone()).await;
        Self { issuer, server, app }
    }

    /// Returns a token that is sufficient for every route except `/api/impossible` and `/api/lost`.
    fn token(&self) -> TokenBuilder {
        self.issuer
            .token()
            .scope("items:read items:write items:export")
            .claim("email", "alice@example.com")
    }

    fn good(&self) -> String {
        self.token().sign()
    }
}
