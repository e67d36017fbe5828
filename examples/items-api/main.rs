//! An items API: `cargo run --bin items-api`.
//!
//! Without configuration the program runs its own development issuer and prints `curl` requests.
//! If `OAUTH_ISSUER` and `OAUTH_AUDIENCE` are set, or `ITEMS_API_CONFIG` is the path of a file in
//! TOML or JSON, the program accepts the tokens of the configured issuers and does not start a
//! development issuer. The program listens on `ITEMS_API_ADDR`, by default `127.0.0.1:3000`.
//!
//! `items-api check-config` prints the configuration and fetches the keys of each issuer once.

mod arguments;
mod check_config;
mod items;
mod showcase;

use std::env;
use std::error::Error;
use std::process::ExitCode;

use axum::Router;
use axum::routing::get;
use serving::Serving;

use self::arguments::Command;
use self::items::AppState;

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
    let app = app(AppState::new(serving.resource_server()));
    serving.announce(showcase::requests);
    serving.serve(app).await
}

fn app(state: AppState) -> Router {
    Router::new()
        .route("/health", get(items::health))
        .route("/api/whoami", get(items::whoami))
        .route("/api/items", get(items::list).post(items::create))
        .with_state(state)
}
