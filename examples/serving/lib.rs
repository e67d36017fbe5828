//! Shared parts of the example programs: the listener, the issuer, the printed requests and the
//! shutdown.

pub mod address;
pub mod configuration;
mod configuration_document;
mod configuration_file;
mod listening;
mod requests;
pub mod revocation;
mod signals;
mod tokens;

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use axum::Router;
use axum_protected::ResourceServer;
use axum_protected_testing::AuthorizationServer;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

pub use self::listening::Listening;
pub use self::requests::{bearer, requests};

use self::tokens::Tokens;

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
    listening: Listening,
    tokens: Tokens,
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
        // The configuration is read first, so that a probe never reaches a program that then stops
        // because of its configuration.
        let tokens = Tokens::accepted(&format!("{prefix}_CONFIG")).await?;
        Ok(Self { listening: Listening::open(address).await?, tokens })
    }

    /// Returns the resource server, which verifies the tokens.
    #[must_use]
    pub fn resource_server(&self) -> ResourceServer {
        self.tokens.resource_server()
    }

    /// Prints the address. If the program runs its own issuer, also prints the `curl` requests.
    pub fn announce(&self, requests: impl FnOnce(SocketAddr, &AuthorizationServer) -> String) {
        self.listening.announce();
        if let Some(issuer) = self.tokens.embedded() {
            println!("{}", requests(self.listening.address(), issuer));
        }
    }

    /// Serves the application until the process receives a stop signal.
    ///
    /// # Errors
    ///
    /// Returns an error if axum cannot serve the application.
    pub async fn serve(self, app: Router) -> Result<(), Box<dyn Error>> {
        // `tokens` keeps the embedded issuer running until this function returns.
        let Self { listening, tokens } = self;
        let result = listening.serve(app).await;
        drop(tokens);
        result
    }
}
