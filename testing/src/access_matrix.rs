//! Tests every route of an access table with tokens that the route must refuse and tokens that the
//! route must accept.

mod alternatives;
mod attempts;
mod builder;
mod called_method;
mod case;
mod chosen_claims;
mod cookie_attempts;
mod details_variations;
mod error;
mod expected;
mod outcome;
mod path;
mod plan;
mod possession;
mod possession_attempts;
mod report;
mod route_probe;
mod run;
mod settings;
mod token_place;
mod tokens;
mod untried_reason;
mod variations;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use tower_service::Service;

pub use self::builder::AccessMatrixBuilder;
pub use self::case::Case;
pub use self::error::AccessMatrixError;
pub use self::report::AccessMatrix;

use super::authorization_server::AuthorizationServer;
use axum_protected::router::AccessTable;

impl AuthorizationServer {
    /// Calls every route of the table with tokens that have one defect each, and with tokens that
    /// have exactly the scopes, roles and claims of the route's policy.
    ///
    /// ```
    /// use axum_protected::{ProtectedRouter, protected, routing::get};
    /// use axum_protected_testing::AuthorizationServer;
    ///
    /// #[protected(scope = "items:read")]
    /// async fn list() {}
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let issuer = AuthorizationServer::start().await?;
    /// let routes = ProtectedRouter::new().route("/items", get(list));
    /// let table = routes.access_table().clone();
    /// let app = routes.with_state(issuer.resource_server().build()?).into_router()?;
    ///
    /// let tried = issuer.access_matrix(&app, &table).await?;
    /// // Seven with no token or an invalid one, one without the scope, one with it.
    /// assert_eq!(tried.requests(), 9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A protected route must refuse a request with no token, a malformed token, and a token that
    /// is expired, of another issuer, for another audience, of another type, or in the query. For
    /// each combination of scopes, roles and claims that satisfies the policy of the route (16
    /// combinations at most), the route must accept a token with exactly this combination. The
    /// access matrix then leaves out each scope, role and claim of the combination in turn. The
    /// route must refuse a token without the scope, role or claim, unless the rest of the
    /// combination satisfies the policy.
    ///
    /// A request counts as refused if the guard made the response, also for a check. The guard marks
    /// its refusals by an extension of the response, which no handler can set and no client
    /// receives. A layer may change the status, the headers and the body of a refusal. If it builds
    /// a new response, it must keep the extensions, as `Response::from_parts` does. Any other
    /// response counts as granted, whatever its status, and also the refusal of a `Claims<T>` into
    /// which the claims cannot be deserialized.
    ///
    /// A 429, a panic and a response that does not come in time may come from a layer before the
    /// guard. Such a response to a request that the route must refuse is a failure. To a request
    /// that the route must grant, it shows nothing.
    /// [`AccessMatrix::untried`](crate::AccessMatrix::untried) names each route of which the access
    /// matrix has not seen every decision, with the reason:
    ///
    /// | reason | remedy |
    /// |---|---|
    /// | a check decides | [`case`](crate::AccessMatrixBuilder::case) |
    /// | the application's name for the issuer | [`issuer_name`](crate::AccessMatrixBuilder::issuer_name), [`partner`](crate::AccessMatrixBuilder::partner) |
    /// | a check refused first | [`subject`](crate::AccessMatrixBuilder::subject) of a caller that it accepts |
    /// | a 429, a panic, no response | an app without the limit, a test state, [`timeout`](crate::AccessMatrixBuilder::timeout) |
    ///
    /// If the application takes tokens from a cookie, set the name of the cookie by
    /// [`token_cookie`](crate::AccessMatrixBuilder::token_cookie).
    ///
    /// If the application expects the tokens of a product, set the [`provider`](Self::provider) of
    /// this issuer.
    ///
    /// A route of the table that is not in the app, or that another route shadows, counts as a
    /// failure. A router inside a service (`nest_service`, `fallback_service`) hides its routes:
    /// pass the inner router as `app`. The access matrix calls the handlers, so pass an app with a
    /// test state. Requests come from a loopback address (`ConnectInfo`), with an empty body. Every
    /// path parameter has the value `1`, or another value if the path with `1` is a separate route;
    /// [`path_value`](crate::AccessMatrixBuilder::path_value) sets it.
    ///
    /// # Errors
    ///
    /// The future returns an error that lists every request with an unexpected response, or every
    /// setting that cannot be used. A table without routes is an error too.
    pub fn access_matrix<'a>(
        &'a self,
        app: &'a Router,
        table: &'a AccessTable,
    ) -> AccessMatrixBuilder<'a> {
        AccessMatrixBuilder::new(self, app, table)
    }
}

async fn call(app: &Router, request: Request<Body>) -> Response {
    match app.clone().call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
