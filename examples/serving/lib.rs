//! Shared parts of the example programs: the listener, the issuer, the printed requests and the
//! shutdown.

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

/// The time for running requests to finish after a stop signal.
const GRACE: Duration = Duration::from_secs(5);

/// Runs a program and prints the error, if any.
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

/// An open port and the issuer of its tokens.
#[must_use = "nothing is served before `serve`"]
#[allow(missing_debug_implementations, reason = "it lives in one function")]
pub struct Serving {
    listener: TcpListener,
    address: SocketAddr,
    tokens: Tokens,
    signals: Signals,
}

impl Serving {
    /// Listens on the address in this environment variable, by default `127.0.0.1:3000`. Trusts the
    /// issuer in `OAUTH_ISSUER` and `OAUTH_AUDIENCE`, or a development issuer of its own.
    ///
    /// # Errors
    ///
    /// If the environment or the address is invalid, or the port is taken.
    pub async fn open(address_variable: &str) -> Result<Self, Box<dyn Error>> {
        let address = address::from_environment(address_variable)?;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| format!("cannot listen on {address}: {error}"))?;
        let tokens = Tokens::from_environment().await?;
        Ok(Self { address: listener.local_addr()?, listener, tokens, signals: Signals::catch()? })
    }

    /// The server that verifies the tokens.
    #[must_use]
    pub fn resource_server(&self) -> ResourceServer {
        self.tokens.resource_server()
    }

    /// Prints the address, and requests to try if the issuer is the program's own.
    pub fn announce(&self, requests: impl FnOnce(SocketAddr, &AuthorizationServer) -> String) {
        println!("listening on http://{}", self.address);
        if let Some(issuer) = self.tokens.embedded() {
            println!("{}", requests(self.address, issuer));
        }
    }

    /// Serves until a stop signal.
    ///
    /// # Errors
    ///
    /// If serving fails.
    pub async fn serve(self, app: Router) -> Result<(), Box<dyn Error>> {
        // The embedded issuer lives as long as this function.
        let Self { listener, mut signals, tokens: _tokens, .. } = self;
        let (stop_sender, stopped) = tokio::sync::oneshot::channel();
        let server = axum::serve(listener, app).with_graceful_shutdown(async move {
            signals.received().await;
            let _ = stop_sender.send(());
        });
        tokio::select! {
            result = server => result?,
            () = async { let _ = stopped.await; tokio::time::sleep(GRACE).await } => {}
        }
        println!("stopped");
        Ok(())
    }
}
