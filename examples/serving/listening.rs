//! The listener of a program, and its end by a signal.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use crate::signals::Signals;

/// The time that unfinished requests have to finish after a stop signal.
const GRACE: Duration = Duration::from_secs(5);

/// An open listener, and the signals that end the program.
#[must_use = "nothing is served before `serve`"]
#[allow(missing_debug_implementations, reason = "it lives in one function")]
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    signals: Signals,
}

impl Listening {
    /// Listens on this address.
    ///
    /// # Errors
    ///
    /// Returns an error if another program uses the port.
    pub async fn open(address: SocketAddr) -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| format!("cannot listen on {address}: {error}"))?;
        Ok(Self { address: listener.local_addr()?, listener, signals: Signals::catch()? })
    }

    /// Returns the address of the listener.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Prints the address.
    pub fn announce(&self) {
        println!("listening on http://{}", self.address);
    }

    /// Serves the application until the process receives a stop signal.
    ///
    /// # Errors
    ///
    /// Returns an error if axum cannot serve the application.
    pub async fn serve(self, app: Router) -> Result<(), Box<dyn Error>> {
        let Self { listener, mut signals, .. } = self;
        let (stop_sender, stopped) = tokio::sync::oneshot::channel();
        // With the addresses of the peers, `require_https` and `trusted_proxies` can be configured.
        let app = app.into_make_service_with_connect_info::<SocketAddr>();
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
