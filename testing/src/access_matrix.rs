//! Tests every route of an access table with tokens that the route must refuse and tokens that the
//! route must accept.

mod alternatives;
mod cases;
mod error;
mod expected;
mod path;
mod report;
mod route_probe;
mod tokens;
mod untried_reason;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use axum::response::Response;
use tower_service::Service;

pub use self::error::AccessMatrixError;
pub use self::report::AccessMatrix;

use self::cases::{Case, cases};
use self::route_probe::RouteProbe;
use self::tokens::Tokens;
use self::untried_reason::not_tried_reason;
use super::authorization_server::AuthorizationServer;
use axum_protected::router::{Access, AccessRow, AccessTable};

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

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
    /// A request counts as granted if the guard did not refuse it. The status of the handler's
    /// response does not matter. A request also counts as granted if the handler takes a
    /// `Claims<T>` into which the claims cannot be deserialized.
    ///
    /// The access matrix cannot create a sufficient token for a policy that depends on the decision
    /// of a check, or on the application's name for this issuer.
    /// [`AccessMatrix::untried`](crate::AccessMatrix::untried) names each route for which the
    /// access matrix had no token that the route must accept, and each row `?` of a function of
    /// `map_router`, whose routes are not known. If the application expects the tokens
    /// of a product, set the [`provider`](Self::provider) of this issuer.
    ///
    /// A route of the table that is not in the app, or that another route shadows, counts as a
    /// failure. A router inside a service (`nest_service`, `fallback_service`) hides its routes:
    /// pass the inner router as `app`. The access matrix calls the handlers, so pass an app with a
    /// test state. Every path parameter has the value `1`, or another value if the path with `1` is
    /// a separate route.
    ///
    /// # Errors
    ///
    /// Returns an error that lists every request with an unexpected response. A table without
    /// routes is an error too.
    pub async fn access_matrix(
        &self,
        app: &Router,
        table: &AccessTable,
    ) -> Result<AccessMatrix, AccessMatrixError> {
        let mut run = Run {
            app,
            probe: RouteProbe::of(app),
            tokens: Tokens::of(self),
            requests: 0,
            not_tried: Vec::new(),
            failures: Vec::new(),
        };
        if table.routes().next().is_none() {
            run.failures.push("the table has no route".to_owned());
        }
        for route in table.routes() {
            run.try_route(route, table).await;
        }
        AccessMatrixError::unless_empty(run.failures)?;
        Ok(AccessMatrix { requests: run.requests, not_tried: run.not_tried })
    }
}

/// The app, the tokens and the results so far of one call of `access_matrix`.
struct Run<'a> {
    app: &'a Router,
    probe: RouteProbe,
    tokens: Tokens,
    requests: usize,
    not_tried: Vec<String>,
    failures: Vec<String>,
}

impl Run<'_> {
    async fn try_route(&mut self, route: &AccessRow, table: &AccessTable) {
        let AccessRow { method, path, .. } = route;
        if let Access::Unknown(unknown) = &route.access {
            let reason = format!("the table does not know these routes ({})", unknown.reason);
            return self.not_tried.push(format!("{method} {path}: {reason}"));
        }
        let call_method = method_to_call(route, table);
        let targets = match self.probe.targets(route, call_method, table).await {
            Ok(targets) => targets,
            Err(problem) => return self.failures.push(format!("{method} {path} {problem}")),
        };
        let cases = cases(&route.access, &self.tokens);
        let reason = not_tried_reason(&route.access, &cases, &self.tokens)
            .map(|reason| format!("{method} {path}: {reason}"));
        self.not_tried.extend(reason);
        for (index, target) in targets.iter().enumerate() {
            let at = if index > 0 { format!(" at `{target}`") } else { String::new() };
            for case in &cases {
                let failure = self
                    .failure(call_method, target, case)
                    .await
                    .map(|what| format!("{method} {path}{at}, {}: {what}", case.name));
                self.failures.extend(failure);
            }
        }
    }

    async fn failure(&mut self, method: &str, target: &str, case: &Case) -> Option<String> {
        self.requests += 1;
        match send(self.app, method, target, case).await {
            Ok(response) => case.expected.failure(&response),
            Err(error) => Some(error.to_string()),
        }
    }
}

/// Returns the method to call a route with. For a route with the method `*`, returns the first
/// method for which the path has no separate route.
fn method_to_call(route: &AccessRow, table: &AccessTable) -> &'static str {
    match route.method {
        "*" => METHODS
            .into_iter()
            .find(|method| {
                !table.routes().any(|other| other.path == route.path && other.method == *method)
            })
            .unwrap_or("QUERY"),
        method => method,
    }
}

async fn send(
    app: &Router,
    method: &str,
    target: &str,
    case: &Case,
) -> Result<Response, axum::http::Error> {
    let request = Request::builder().method(method);
    let request = match &case.token {
        Some(token) if case.in_query => request.uri(format!("{target}?access_token={token}")),
        Some(token) => request.uri(target).header(AUTHORIZATION, format!("Bearer {token}")),
        None => request.uri(target),
    };
    Ok(call(app, request.body(Body::empty())?).await)
}

async fn call(app: &Router, request: Request<Body>) -> Response {
    match app.clone().call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
