//! An items API: `cargo run --bin items-api`.
//!
//! Without configuration the program runs its own development issuer and prints `curl` requests.
//! If `OAUTH_ISSUER` and `OAUTH_AUDIENCE` are set, the program accepts the tokens of that issuer
//! and does not start a development issuer. The program listens on `ITEMS_API_ADDR`, by default
//! `127.0.0.1:3000`.

mod items;
mod showcase;

use std::error::Error;
use std::process::ExitCode;

use axum::Router;
use axum::routing::get;
use serving::Serving;

use self::items::AppState;

#[tokio::main]
async fn main() -> ExitCode {
    serving::exit_code(run()).await
}

async fn run() -> Result<(), Box<dyn Error>> {
    let serving = Serving::open("ITEMS_API_ADDR").await?;
    let app = app(AppState::new(serving.resource_server()));
    serving.announce(showcase::requests);
    serving.serve(app).await
}

fn app(state: AppState) -> Router {
    Router::new()
        .route("/health", get(items::health))
        .route("/api/items", get(items::list).post(items::create))
        .with_state(state)
}
