//! What the example programs have in common: where they listen, whose tokens they accept, the
//! requests that they print, and how they stop.

pub mod address;
mod requests;
mod signals;
mod tokens;

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use axum_protected::ResourceServer;
use axum_protected_testing::AuthorizationServer;
use tokio::net::TcpListener;

pub use self::requests::{bearer, requests};

use self::signals::Signals;
use self::tokens::Tokens;

/// How long requests under way may take to end after the signal to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Runs a program, and tells what ended it early.
pub async fn exit_code(program: impl Future<Output = Result<(), Box<dyn Error>>>) -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    match program.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// An open port, and whose tokens are good there.
#[must_use = "nothing is served before `serve`"]
#[allow(missing_debug_implementations, reason = "it lives in one function")]
pub struct Serving {
    listener: TcpListener,
    address: SocketAddr,
    tokens: Tokens,
    signals: Signals,
}

impl Serving {
    /// Listens where this environment variable says, on `127.0.0.1:3000` unless it is set. With
    /// `OAUTH_ISSUER` and `OAUTH_AUDIENCE` it trusts that issuer, without them one of its own.
    ///
    /// # Errors
    ///
    /// What is wrong with the environment, or with the address.
    pub async fn open(address_variable: &str) -> Result<Self, Box<dyn Error>> {
        let address = address::from_environment(address_variable)?;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| format!("cannot listen on {address}: {error}"))?;
        let tokens = Tokens::from_environment().await?;
        Ok(Self { address: listener.local_addr()?, listener, tokens, signals: Signals::catch()? })
    }

    /// What validates the tokens.
    #[must_use]
    pub fn resource_server(&self) -> ResourceServer {
        self.tokens.resource_server()
    }

    /// Says where it listens, and what to try there with tokens of its own issuer.
    pub fn announce(&self, requests: impl FnOnce(SocketAddr, &AuthorizationServer) -> String) {
        println!("listening on http://{}", self.address);
        if let Some(issuer) = self.tokens.embedded() {
            println!("{}", requests(self.address, issuer));
        }
    }

    /// Serves until a signal comes.
    ///
    /// # Errors
    ///
    /// What ends it before that.
    pub async fn serve(self, app: Router) -> Result<(), Box<dyn Error>> {
        // The tokens stay here: their issuer stops with them.
        let Self { listener, mut signals, tokens: _tokens, .. } = self;
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
}
