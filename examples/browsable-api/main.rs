//! An API to try in a browser: `cargo run --bin browsable-api`.
//!
//! The program serves Swagger UI from its own executable and runs its own development issuer, which
//! signs in anyone. The program listens on `BROWSABLE_API_ADDR`, by default `127.0.0.1:3000`.

mod document;
mod issuer;
mod items;

use std::error::Error;
use std::process::ExitCode;

use axum::Router;
use axum_protected::openapi::OpenApiDocument;
use axum_protected::{ProtectedRouter, public, routes};
use axum_protected_testing::AuthorizationServer;
use serving::address;
use tokio::net::TcpListener;
use utoipa::OpenApi;

use self::items::{AppState, Scope};

#[derive(OpenApi)]
#[openapi(info(
    title = "Items",
    description = "This page shows the access rules that the guard enforces."
))]
struct Api;

#[tokio::main]
async fn main() -> ExitCode {
    serving::exit_code(run()).await
}

async fn run() -> Result<(), Box<dyn Error>> {
    let address = address::from_environment("BROWSABLE_API_ADDR")?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let origins = address::origins(listener.local_addr()?);
    let issuer = issuer::start(&origins).await?;
    let app = app(&issuer).await?;
    let [origin, _] = &origins;
    println!("open {origin}{}/", document::PATH);
    println!("a token for scripts: {}", issuer::request(&issuer));
    tokio::select! {
        ended = axum::serve(listener, app) => ended?,
        signal = tokio::signal::ctrl_c() => signal?,
    }
    Ok(())
}

async fn app(issuer: &AuthorizationServer) -> Result<Router, Box<dyn Error>> {
    let server = issuer.resource_server().build()?;
    let security = server.openapi_security().scopes::<Scope>().discover().await;
    let document = OpenApiDocument::of_routes(security);
    let router = ProtectedRouter::with_openapi(Api::openapi())
        .routes(routes!(items::health))
        .routes(routes!(items::list, items::create))
        .openapi_route(document::DOCUMENT, public("API description", document))
        .with_state(AppState::new(server))
        .into_router()?;
    Ok(router.merge(document::page()))
}
