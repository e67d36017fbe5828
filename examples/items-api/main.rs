//! An items API: `cargo run --bin items-api`.
//!
//! Without configuration it brings an issuer of its own and prints requests to try. With
//! `OAUTH_ISSUER` and `OAUTH_AUDIENCE` it accepts the tokens of a real one. `ITEMS_API_ADDR` is
//! where it listens, `127.0.0.1:3000` unless set.

mod items;
mod settings;
mod showcase;
mod shutdown;

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use axum_protected::testing::AuthorizationServer;
use tokio::net::TcpListener;

use self::items::AppState;
use self::settings::Tokens;
use self::shutdown::Signals;

/// How long requests under way may take to end after the signal to stop.
const GRACE: Duration = Duration::from_secs(5);

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
    let address = settings::address()?;
    let tokens = Tokens::from_environment().await?;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let address = listener.local_addr()?;
    let mut signals = Signals::catch()?;
    println!("listening on http://{address}");
    if let Some(issuer) = tokens.embedded() {
        println!("{}", showcase::requests(address, issuer));
    }
    let app = app(AppState::new(tokens.resource_server()));
    let (stopping, stop) = tokio::sync::oneshot::channel();
    let serving = axum::serve(listener, app).with_graceful_shutdown(async move {
        signals.received().await;
        let _ = stopping.send(());
    });
    tokio::select! {
        ended = serving => ended?,
        () = async { let _ = stop.await; tokio::time::sleep(GRACE).await } => {}
    }
    println!("stopped");
    Ok(())
}

fn app(state: AppState) -> Router {
    Router::new()
        .route("/health", get(items::health))
        .route("/api/items", get(items::list).post(items::create))
        .with_state(state)
}
