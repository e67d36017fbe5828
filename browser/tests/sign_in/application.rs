//! An application with a backend for browsers, on a free loopback port.

use std::net::SocketAddr;

use axum_protected::routing::get;
use axum_protected::{ProtectedRouter, ResourceServerBuilder, protected};
use axum_protected_browser::{BrowserBackend, BrowserBackendBuilder};
use tokio::net::TcpListener;
use url::Url;

/// A port on which an application will be served.
pub(crate) struct Port {
    listener: TcpListener,
    pub(crate) origin: String,
}

/// The address of an application.
pub(crate) struct Application {
    pub(crate) origin: String,
}

impl Port {
    pub(crate) async fn free() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // The provider is on `127.0.0.1`, which is another site.
        let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        Self { listener, origin }
    }

    pub(crate) fn redirect_uri(&self) -> String {
        format!("{}/callback", self.origin)
    }

    /// Serves an application whose users sign in at the issuer of the server.
    pub(crate) fn serve(
        self,
        server: ResourceServerBuilder,
        backend: impl FnOnce(BrowserBackendBuilder) -> BrowserBackendBuilder,
    ) -> Application {
        let server = server.require_https().public_url(&self.origin).build().unwrap();
        let builder = BrowserBackend::builder(&server).client_id("notes").scopes(["notes:read"]);
        let backend = backend(builder).build().unwrap();
        let router = ProtectedRouter::new()
            .route("/notes", get(notes))
            .merge(backend.routes())
            .with_state(server)
            .into_router()
            .unwrap()
            .layer(backend.layer());
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(self.listener, service).await });
        Application { origin: self.origin }
    }
}

impl Application {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

#[protected(scope = "notes:read")]
async fn notes() -> &'static str {
    "the notes"
}

/// Returns the value of a parameter in the query of a URL.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(found, _)| found == name);
    found.map(|(_, value)| value.into_owned())
}

/// Sets a parameter in the query of a URL, or removes it.
pub(crate) fn with_parameter(url: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(url).unwrap();
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(found, _)| found != name)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .extend_pairs(value.map(|value| (name, value)));
    url.into()
}
