//! Negative tests of every route, made from the access table.

mod alternatives;
mod cases;
mod error;
mod expected;
mod not_tried;
mod path;
mod report;
mod route_probe;
mod tokens;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use axum::response::Response;
use tower_service::Service;

pub use self::error::AccessMatrixError;
pub use self::report::AccessMatrix;

use self::cases::{Case, cases};
use self::not_tried::untried;
use self::route_probe::Map;
use self::tokens::Tokens;
use super::authorization_server::AuthorizationServer;
use axum_protected::router::{AccessRow, AccessTable};

const METHODS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

impl AuthorizationServer {
    /// Calls every route of the table with tokens of this issuer that are wrong in one way, and with
    /// those that are exactly enough.
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
    /// // Seven without a token or with an invalid one, one without the scope, one with it.
    /// assert_eq!(tried.requests(), 9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A protected route must refuse: no token, garbage, one that is expired, of another issuer,
    /// for another audience, of another type, in the query. For every way to satisfy its policy (16
    /// at most) it must let through what is exactly enough, and without each of the demands, be it a
    /// scope, a role or a claim, do as the policy does: refuse, unless what is left is enough too.
    ///
    /// "Let through" means that the guard did not refuse, whatever the handler answered then. What it
    /// wants of the claims itself, as `Claims<T>` does, is not judged.
    ///
    /// Not tried is what cannot be told from here: what depends on the answer of a check, or on the
    /// name that the application has for this issuer. Where nothing was let through for that reason,
    /// the report names the route. Of another [`provider`](Self::provider) than the standard's the
    /// issuer has to know.
    ///
    /// A route of the table that is not in the app, or that another one covers, is a failure. A
    /// router that is in the app as a service (`nest_service`, `fallback_service`) hides its routes:
    /// give that router itself. Handlers do run, with `1` for every parameter of the path unless
    /// that is a route of its own: give them a state of the test's own.
    ///
    /// # Errors
    ///
    /// Every request that was answered otherwise; a table without routes.
    pub async fn access_matrix(
        &self,
        app: &Router,
        table: &AccessTable,
    ) -> Result<AccessMatrix, AccessMatrixError> {
        let mut run = Run {
            app,
            map: Map::of(app),
            tokens: Tokens::of(self),
            requests: 0,
            untried: Vec::new(),
            failures: Vec::new(),
        };
        if table.routes().next().is_none() {
            run.failures.push("the table has no route".to_owned());
        }
        for route in table.routes() {
            run.try_route(route, table).await;
        }
        AccessMatrixError::unless_empty(run.failures)?;
        Ok(AccessMatrix { requests: run.requests, untried: run.untried })
    }
}

/// What is known of an app so far.
struct Run<'a> {
    app: &'a Router,
    map: Map,
    tokens: Tokens,
    requests: usize,
    untried: Vec<String>,
    failures: Vec<String>,
}

impl Run<'_> {
    async fn try_route(&mut self, route: &AccessRow, table: &AccessTable) {
        let AccessRow { method, path, .. } = route;
        let called = called(route, table);
        let targets = match self.map.targets(route, called, table).await {
            Ok(targets) => targets,
            Err(problem) => return self.failures.push(format!("{method} {path} {problem}")),
        };
        let cases = cases(&route.access, &self.tokens);
        let reason = untried(&route.access, &cases, &self.tokens)
            .map(|reason| format!("{method} {path}: {reason}"));
        self.untried.extend(reason);
        for (index, target) in targets.iter().enumerate() {
            let at = if index > 0 { format!(" at `{target}`") } else { String::new() };
            for case in &cases {
                let failure = self
                    .failure(called, target, case)
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

/// What is for every method that has no route of its own is called with the first such one.
fn called(route: &AccessRow, table: &AccessTable) -> &'static str {
    match route.method {
        "*" => METHODS
            .into_iter()
            .find(|method: &&str| {
                !table
                    .routes()
                    .any(|other: &AccessRow| other.path == route.path && other.method == *method)
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
        Some(token) => {
            let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
            request.uri(target)
        }
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
