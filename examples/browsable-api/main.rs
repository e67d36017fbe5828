//! An API that one can try in a browser: `cargo run --bin browsable-api`.
//!
//! It serves Swagger UI from its own executable, and brings an issuer of its own that signs in
//! whoever presses the button. `BROWSABLE_API_ADDR` is where it listens, `127.0.0.1:3000` unless
//! set.

mod address;
mod document;
mod issuer;
mod items;

use std::error::Error;
use std::process::ExitCode;

use axum::Router;
use axum_protected::testing::AuthorizationServer;
use tokio::net::TcpListener;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::items::AppState;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let address = address::from_environment()?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let origins = address::origins(listener.local_addr()?);
    let issuer = issuer::start(&origins).await?;
    let app = app(&issuer)?;
    let [origin, _] = &origins;
    println!("open {origin}{}/", document::PATH);
    tokio::select! {
        ended = axum::serve(listener, app) => ended?,
        signal = tokio::signal::ctrl_c() => signal?,
    }
    Ok(())
}

fn app(issuer: &AuthorizationServer) -> Result<Router, Box<dyn Error>> {
    let state = AppState::new(issuer.resource_server().build()?);
    let (router, described) = OpenApiRouter::new()
        .routes(routes!(items::health))
        .routes(routes!(items::list, items::create))
        .split_for_parts();
    let page = document::page(described, issuer);
    Ok(router.with_state(state).merge(page))
}
