//! The routes that publish the metadata document.

use axum::routing::any;
use http::{Method, Uri};

use super::ResourceMetadata;
use super::response::Publication;
use crate::resource_identifier::{ResourceIdentifier, WELL_KNOWN};
use crate::router::{ProtectedRouter, public};

/// The reason why the routes are public, as the access table shows it.
const REASON: &str = "protected resource metadata (RFC 9728)";

impl ResourceMetadata {
    /// Returns the public routes of the document. Merge them into the router of the host's root,
    /// outside of layers that refuse requests:
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use axum_protected::router::RouterError;
    /// use axum_protected::{AccessToken, ResourceServer};
    ///
    /// async fn me(token: AccessToken) -> String {
    ///     token.subject().unwrap_or_default().to_owned()
    /// }
    ///
    /// /// The same without a `ProtectedRouter`.
    /// fn app(server: ResourceServer) -> Result<Router, RouterError> {
    ///     let metadata = server.resource_metadata().name("Items").routes().into_router()?;
    ///     Ok(Router::new().route("/me", get(me)).merge(metadata).with_state(server))
    /// }
    /// ```
    ///
    /// `GET` and `HEAD` return the document at
    /// `/.well-known/oauth-protected-resource` followed by the path of the resource, with and
    /// without a slash at the end, and at `/.well-known/oauth-protected-resource` itself. Every
    /// other path below it is a 404, and every other method is a 405. Scripts of every origin may
    /// read the document, and clients may cache it for an hour. The access table has one row for
    /// these routes.
    ///
    /// [`into_router`](ProtectedRouter::into_router) returns an error if the server has no
    /// `resource`, or if a text of the document is wrong.
    #[must_use]
    #[track_caller]
    pub fn routes<S>(self) -> ProtectedRouter<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let router =
            self.document.problems().iter().fold(ProtectedRouter::new(), |router, problem| {
                router.report(format!("in the resource metadata, {problem}"))
            });
        let Some(identifier) = &self.identifier else {
            return router.report(
                "the resource metadata needs the identifier of this API: set `resource` in the \
                 configuration of the server",
            );
        };
        let (path, publication) = self.publication(identifier);
        let service = any(async move |method: Method, uri: Uri| publication.respond(&method, &uri));
        router.nest_service(&path, public(REASON, service))
    }

    /// Returns the path of the service, and the document with its addresses below that path.
    fn publication(&self, identifier: &ResourceIdentifier) -> (String, Publication) {
        let path = identifier.path();
        let path = path.strip_suffix('/').unwrap_or(path).to_owned();
        let publication = Publication {
            query: identifier.query().map(str::to_owned),
            has_root_form: self.has_root_form,
            body: self.document.to_json(identifier).to_string().into(),
            path: if self.has_root_form { path.clone() } else { String::new() },
        };
        let service = if self.has_root_form { String::new() } else { path };
        (format!("{WELL_KNOWN}{service}"), publication)
    }
}
