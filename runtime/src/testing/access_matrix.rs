//! Negative tests of every route, made from the access table.

mod cases;
mod grant;

use std::error::Error;
use std::fmt;

use axum::Router;
use axum_core::body::Body;
use axum_core::response::Response;
use http::Request;
use http::header::AUTHORIZATION;
use tower_service::Service;

use self::cases::{Case, cases};
use super::authorization_server::AuthorizationServer;
use crate::router::{AccessTable, Route};

impl AuthorizationServer {
    /// Calls every route of the table with tokens of this issuer that are wrong in one way, and with
    /// one that is exactly enough. One line in a test:
    ///
    /// ```no_run
    /// # async fn example(
    /// #     issuer: axum_protected::testing::AuthorizationServer,
    /// #     app: axum::Router,
    /// #     table: axum_protected::AccessTable,
    /// # ) {
    /// issuer.access_matrix(&app, &table).await.unwrap();
    /// # }
    /// ```
    ///
    /// A protected route must refuse: no token, garbage, one that is expired, of another issuer,
    /// for another audience, of another type, in the query, and one that lacks any one of the
    /// scopes. It must not refuse what is exactly enough. Where a check decides too, what depends on
    /// its answer is not tried. Handlers do run, with `1` for every parameter of the path: give them
    /// a state of the test's own.
    ///
    /// Returns the number of requests.
    ///
    /// # Errors
    ///
    /// Every request that was answered otherwise.
    pub async fn access_matrix(
        &self,
        app: &Router,
        table: &AccessTable,
    ) -> Result<usize, AccessMatrixError> {
        let mut failures = Vec::new();
        let mut count = 0;
        for route in table.routes() {
            for case in cases(&route.access, &self.token()) {
                count += 1;
                let response = send(app, route, &case).await;
                if let Some(failure) = case.expected.failure(&response) {
                    let Route { method, path, .. } = route;
                    failures.push(format!("{method} {path}, {}: {failure}", case.name));
                }
            }
        }
        if failures.is_empty() {
            Ok(count)
        } else {
            Err(AccessMatrixError { failures })
        }
    }
}

/// Requests that were not answered as the access table says.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessMatrixError {
    failures: Vec<String>,
}

impl AccessMatrixError {
    /// Each of them: the route, what was sent and what came back.
    pub fn failures(&self) -> impl Iterator<Item = &str> {
        self.failures.iter().map(String::as_str)
    }
}

impl fmt::Display for AccessMatrixError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "the routes do not do what the access table says:"
        )?;
        self.failures
            .iter()
            .try_for_each(|failure| writeln!(formatter, "{failure}"))
    }
}

/// As `unwrap` in a test shows it.
impl fmt::Debug for AccessMatrixError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Error for AccessMatrixError {}

async fn send(app: &Router, route: &Route, case: &Case) -> Response {
    let method = if route.method == "*" {
        "GET"
    } else {
        route.method
    };
    let fill = |part| {
        if str::starts_with(part, '{') {
            "1"
        } else {
            part
        }
    };
    let mut target = route
        .path
        .split('/')
        .map(fill)
        .collect::<Vec<_>>()
        .join("/");
    let mut request = Request::builder().method(method);
    match &case.token {
        Some(token) if case.in_query => target = format!("{target}?access_token={token}"),
        Some(token) => request = request.header(AUTHORIZATION, format!("Bearer {token}")),
        None => {}
    }
    match request.uri(target).body(Body::empty()) {
        // Routing to a router cannot fail.
        Ok(request) => match app.clone().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        },
        Err(_) => Response::default(),
    }
}
