//! Shared parts of the example programs: the listener, the issuer, the printed requests and the
//! shutdown.

pub mod address;
pub mod configuration;
mod configuration_file;
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
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

pub use self::requests::{bearer, requests};

use self::signals::Signals;
use self::tokens::Tokens;

/// The time that unfinished requests have to finish after a stop signal.
const GRACE: Duration = Duration::from_secs(5);

/// Runs a program. If the program fails, prints the error and returns `ExitCode::FAILURE`. The log
/// goes to the standard error. The environment variable `RUST_LOG` selects its events, by default
/// `info`.
pub async fn exit_code(program: impl Future<Output = Result<(), Box<dyn Error>>>) -> ExitCode {
    let filter =
        EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match program.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// An open listener, and the issuer whose tokens the program accepts.
#[must_use = "nothing is served before `serve`"]
#[allow(missing_debug_implementations, reason = "it lives in one function")]
pub struct Serving {
    listener: TcpListener,
    address: SocketAddr,
    tokens: Tokens,
    signals: Signals,
}

impl Serving {
    /// Listens on the address in the environment variable `{prefix}_ADDR`, by default
    /// `127.0.0.1:3000`. The program trusts the issuers in the file whose path is in
    /// `{prefix}_CONFIG`, or the issuer in `OAUTH_ISSUER`, or starts its own development issuer.
    ///
    /// # Errors
    ///
    /// Returns an error if the configuration is invalid or another program uses the port.
    pub async fn open(prefix: &str) -> Result<Self, Box<dyn Error>> {
        let address = address::from_environment(&format!("{prefix}_ADDR"))?;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| format!("cannot listen on {address}: {error}"))?;
        let tokens = Tokens::accepted(&format!("{prefix}_CONFIG")).await?;
        Ok(Self { address: listener.local_addr()?, listener, tokens, signals: Signals::catch()? })
    }

    /// Returns the resource server, which verifies the tokens.
    #[must_use]
    pub fn resource_server(&self) -> ResourceServer {
        self.tokens.resource_server()
    }

    /// Prints the address. If the program runs its own issuer, also prints the `curl` requests.
    pub fn announce(&self, requests: impl FnOnce(SocketAddr, &AuthorizationServer) -> String) {
        println!("listening on http://{}", self.address);
        if let Some(issuer) = self.tokens.embedded() {
            println!("{}", requests(self.address, issuer));
        }
    }

    /// Serves the application until the process receives a stop signal.
    ///
    /// # Errors
    ///
    /// Returns an error if axum cannot serve the application.
    pub async fn serve(self, app: Router) -> Result<(), Box<dyn Error>> {
        // `_tokens` keeps the embedded issuer running until this function returns.
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
