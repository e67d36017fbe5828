//! The program as a process, and its provider.

use std::net::TcpListener;
use std::time::Duration;

use axum_protected_testing::{AuthorizationServer, Client};

use super::browser::Browser;
use super::program::Running;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_notes-app");

const CLIENT: &str = "notes";
const SECRET: &str = "a secret of the tests";

/// The running program. It ends when this value is dropped.
pub(crate) struct App {
    _process: Running,
    /// The origin of the program.
    pub(crate) origin: String,
}

impl App {
    /// Starts the program with its embedded provider.
    pub(crate) fn start(variables: &[(&str, &str)]) -> Self {
        let mut process = Running::start_with(PROGRAM, "NOTES_APP_ADDR", variables);
        let line = process.line();
        let (_, port) = line.rsplit_once(':').unwrap();
        let origin = format!("http://localhost:{port}");
        assert_eq!(line, format!("listening on http://127.0.0.1:{port}"));
        assert_eq!(process.line(), format!("open {origin}/"));
        Self { _process: process, origin }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.origin)
    }
}

/// A provider of the tests, at which the program is registered.
pub(crate) struct Provider {
    pub(crate) server: AuthorizationServer,
    /// The address of the program.
    address: String,
}

impl Provider {
    pub(crate) async fn start(token_lifetime: Duration) -> Self {
        // The port is free again when the program starts.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let client = Client::confidential(CLIENT, SECRET)
            .redirect_uri(format!("http://localhost:{port}/callback"))
            .post_logout_redirect_uri(format!("http://localhost:{port}/"))
            .backchannel_logout_uri(format!("http://127.0.0.1:{port}/backchannel-logout"));
        let server = AuthorizationServer::builder()
            .client(client)
            .scopes(["notes:read", "notes:write"])
            .token_lifetime(token_lifetime)
            .start()
            .await
            .unwrap();
        Self { server, address: format!("127.0.0.1:{port}") }
    }

    /// Starts the program with this provider.
    pub(crate) fn start_app(&self, variables: &[(&str, &str)]) -> App {
        let own = [
            ("NOTES_APP_ADDR", self.address.as_str()),
            ("OAUTH_ISSUER", self.server.issuer()),
            ("OAUTH_AUDIENCE", self.server.audience()),
            ("OAUTH_CLIENT_ID", CLIENT),
            ("OAUTH_CLIENT_SECRET", SECRET),
            // Tokens end exactly when they expire.
            ("OAUTH_LEEWAY_SECONDS", "0"),
        ];
        App::start(&[&own, variables].concat())
    }
}
