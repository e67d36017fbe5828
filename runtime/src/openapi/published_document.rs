//! Routes that serve the OpenAPI document of the router that contains them.

use std::future::{Ready, ready};
use std::sync::{Arc, OnceLock};

use axum::handler::Handler;
use axum_core::body::Body;
use axum_core::extract::Request;
use axum_core::response::Response;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::Value;

use super::OpenApiSecurity;
use crate::router::openapi_document::{Document, Publication};
use crate::router::routing::get;
use crate::router::state_server::GuardFor;
use crate::router::{AccessTable, ProtectedRouter, WithAccess};

/// An OpenAPI document that [`ProtectedRouter::openapi_route`] completes and serves.
#[derive(Debug, Clone)]
#[must_use = "a document is served by `ProtectedRouter::openapi_route`"]
pub struct OpenApiDocument {
    source: Source,
    security: OpenApiSecurity,
}

#[derive(Debug, Clone)]
enum Source {
    /// The document of the routes of the router.
    #[cfg(feature = "utoipa")]
    Routes,
    Json(Value),
}

impl OpenApiDocument {
    /// Creates the document of the routes that were added by
    /// [`ProtectedRouter::routes`](ProtectedRouter::routes). The document is the one that
    /// [`split_for_parts`](ProtectedRouter::split_for_parts) returns, with these security schemes.
    #[cfg(feature = "utoipa")]
    #[cfg_attr(docsrs, doc(cfg(feature = "utoipa")))]
    pub fn of_routes(security: OpenApiSecurity) -> Self {
        Self { source: Source::Routes, security }
    }

    /// Creates the document from JSON that any generator wrote. The finished router adds the access
    /// of its routes by [`AccessTable::describe`], and these security schemes.
    pub fn from_json(document: Value, security: OpenApiSecurity) -> Self {
        Self { source: Source::Json(document), security }
    }
}

/// The handler that serves an [`OpenApiDocument`].
#[allow(unnameable_types, missing_debug_implementations, reason = "inside a wrapper")]
#[derive(Clone)]
pub struct OpenApiHandler {
    served: Arc<OnceLock<Bytes>>,
}

impl<S> Handler<(), S> for OpenApiHandler {
    type Future = Ready<Response>;

    fn call(self, _: Request, _: S) -> Self::Future {
        ready(self.respond())
    }
}

impl OpenApiHandler {
    fn respond(&self) -> Response {
        let Some(document) = self.served.get() else {
            // A function of `map_router` may serve the routes before the router is finished.
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return response;
        };
        let mut response = Response::new(Body::from(document.clone()));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }
}

/// A document and the text that its handler serves.
struct PublishedDocument {
    path: String,
    document: OpenApiDocument,
    served: Arc<OnceLock<Bytes>>,
}

impl Publication for PublishedDocument {
    fn publish(&self, table: &AccessTable, document: &Document) -> Vec<String> {
        let (json, mut problems) = self.document.complete(table, document);
        let text = Bytes::from(json.to_string());
        if self.served.get_or_init(|| text.clone()) != &text {
            problems.push("a clone of the router has another document".to_owned());
        }
        let path = &self.path;
        problems
            .into_iter()
            .map(|problem| format!("in the document at `{path}`, {problem}"))
            .collect()
    }
}

impl OpenApiDocument {
    /// Returns the document with the access of the routes, and its problems.
    #[cfg_attr(
        not(feature = "utoipa"),
        allow(unused_variables, reason = "routes have no document")
    )]
    fn complete(&self, table: &AccessTable, document: &Document) -> (Value, Vec<String>) {
        let (mut json, problems) = match &self.source {
            #[cfg(feature = "utoipa")]
            Source::Routes => {
                let openapi = super::split_router::with_guards(document.openapi.clone(), table);
                match serde_json::to_value(openapi) {
                    Ok(json) => (json, Vec::new()),
                    Err(error) => (Value::Null, vec![error.to_string()]),
                }
            }
            Source::Json(document) => {
                let mut json = document.clone();
                let mismatch = table.describe(&mut json).err();
                (json, mismatch.map(|mismatch| mismatch.to_string()).into_iter().collect())
            }
        };
        self.security.apply_to(&mut json);
        (json, problems)
    }
}

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Serves an OpenAPI document of the finished router at this path. Wrap the document in
    /// [`public`](fn@crate::public) or [`protected`](fn@crate::protected), which state who may read
    /// it. The route is a row of the access table like any other.
    ///
    /// ```
    /// use axum_protected::openapi::OpenApiDocument;
    /// use axum_protected::{ProtectedRouter, ResourceServer, protected, public, routing::get};
    /// use serde_json::json;
    ///
    /// #[protected(scope = "items:read")]
    /// async fn list() {}
    ///
    /// # fn example(server: ResourceServer) -> Result<(), axum_protected::router::RouterError> {
    /// let document = json!({"openapi": "3.1.0", "paths": {"/items": {"get": {}}}});
    /// let document = OpenApiDocument::from_json(document, server.openapi_security());
    /// let app: axum::Router = ProtectedRouter::new()
    ///     .route("/items", get(list))
    ///     .openapi_route("/openapi.json", public("API description", document))
    ///     .with_state(server)
    ///     .into_router()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The document describes the outermost router, with all routes and guards.
    /// [`into_router`](Self::into_router) returns an error if the document differs from the access
    /// table.
    #[must_use]
    pub fn openapi_route<G>(mut self, path: &str, document: WithAccess<G, OpenApiDocument>) -> Self
    where
        G: GuardFor<S> + 'static,
        WithAccess<G, OpenApiHandler>: Handler<(), S>,
    {
        let handler = document.map(|document| {
            let served = Arc::<OnceLock<Bytes>>::default();
            let handler = OpenApiHandler { served: Arc::clone(&served) };
            let published = PublishedDocument { path: path.to_owned(), document, served };
            self.document_mut().add(Arc::new(published));
            handler
        });
        let mut router = self.route(path, get(handler));
        router.mark_document(path);
        router
    }
}
