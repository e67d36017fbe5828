//! An items API: `cargo run --bin items-api`.
//!
//! Without configuration the program runs its own development issuer and prints `curl` requests.
//! If `OAUTH_ISSUER` and `OAUTH_AUDIENCE` are set, or `ITEMS_API_CONFIG` is the path of a file in
//! TOML or JSON, the program accepts the tokens of the configured issuers and does not start a
//! development issuer. If the configuration has a `resource`, the program publishes its metadata.
//! `introspection.toml` is a configuration for an issuer with opaque tokens.
//!
//! An operator with the scope `revocations:write` revokes tokens at `POST /api/revocations`. Several
//! instances share the revocations and the used DPoP proofs through Redis if
//! `OAUTH_REVOCATION_REDIS` has its URL, or if the file has a field `revocation` beside those of the
//! builder. `/ready` is the probe of a load balancer.
//!
//! The program listens on `ITEMS_API_ADDR`, by default `127.0.0.1:3000`.
//!
//! `items-api check-config` prints the configuration, fetches the keys of each issuer once, and
//! connects to Redis.

mod arguments;
mod check_config;
mod items;
mod probes;
mod problem;
mod revocations;
mod showcase;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use axum::Router;
use axum::routing::{get, post};
use axum_protected::ResourceServer;
use axum_protected::router::RouterError;
use serving::Serving;

use self::arguments::Command;
use self::items::{AppState, Scope};

/// The prefix of the program's environment variables.
const PREFIX: &str = "ITEMS_API";

#[tokio::main]
async fn main() -> ExitCode {
    match arguments::parse(env::args_os().skip(1)) {
        Ok(Command::Serve) => serving::exit_code(serve()).await,
        Ok(Command::CheckConfig) => serving::exit_code(check_config::run()).await,
        Ok(Command::Help) => {
            println!("{}", arguments::USAGE);
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}\n\n{}", arguments::USAGE);
            ExitCode::from(2)
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let serving = Serving::open(PREFIX).await?;
    let app = app(serving.resource_server())?;
    serving.announce(showcase::requests);
    serving.serve(app).await
}

fn app(server: ResourceServer) -> Result<Router, RouterError> {
    let items = Router::new()
        .route("/health", get(probes::health))
        .route("/ready", get(probes::ready))
        .route("/api/whoami", get(items::whoami))
        .route("/api/items", get(items::list).post(items::create))
        .route("/api/revocations", post(revocations::revoke).layer(revocations::body_limit()))
        .with_state(AppState::new(server.clone()));
    let events = server.event_routes().with_state(server.clone()).into_router()?;
    let items = items.merge(events);
    if server.configuration().resource.is_none() {
        return Ok(items);
    }
    let metadata = server.resource_metadata().scopes::<Scope>().name("Items").routes();
    Ok(items.merge(metadata.with_state(server).into_router()?))
}
