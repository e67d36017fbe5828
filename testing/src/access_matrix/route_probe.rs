//! Finds the route that a request leads to, without running a handler.

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::{Extension, Router};

use super::call;
use super::path::{PathValues, VALUES, fill};
use axum_protected::router::{AccessRow, AccessTable};

/// The path below which the probe nests the app. axum then also nests a fallback that the app sets,
/// but does not nest axum's default fallback.
const NEST: &str = "/app";

/// The path that the access table shows for the fallback of the app.
const ROOT: &str = "/*";

/// The largest number of segments in a request path below a fallback or a service.
const DEPTH: usize = 8;

/// A copy of the app whose routes respond with their route paths instead of running handlers.
pub(super) struct RouteProbe {
    /// The app without its fallback.
    routes: Router,
    /// The app with its fallback, nested below [`NEST`].
    nested: Router,
}

/// The extension of a response that names the matched route. The 404 and the 405 of axum's default
/// fallbacks lack this extension.
#[derive(Clone)]
struct MatchedRoute(Option<MatchedPath>);

impl RouteProbe {
    pub(super) fn of(app: &Router) -> Self {
        let name_route = from_fn(|path, _: Request, _: Next| async {
            (StatusCode::NOT_FOUND, Extension(MatchedRoute(path)))
        });
        // Replaces axum's default response to other methods, but not a handler of the app for other
        // methods.
        let probe = app
            .clone()
            .layer(name_route)
            .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED });
        let nested = Router::new().without_v07_checks();
        Self {
            nested: nested.nest(NEST, probe.clone()),
            routes: probe.fallback(|| async { StatusCode::NOT_FOUND }),
        }
    }

    /// Returns the request paths that lead to this route with this method, or an error message if
    /// no request path does. A fallback or a service has up to three request paths: a path below
    /// its route path, the route path itself, and the route path with a slash at the end.
    pub(super) async fn targets(
        &self,
        route: &AccessRow,
        method: &str,
        table: &AccessTable,
        values: &PathValues,
    ) -> Result<Vec<String>, String> {
        let ends = ends(route, method, table);
        let mut first = candidates(route, values);
        first.extend(ends.iter().flat_map(|end| filled(end, values)));
        let mut targets = vec![self.target(route, method, first).await?];
        for end in ends {
            let target = self.target(route, method, filled(&end, values)).await;
            targets.extend(target.ok().filter(|target| !targets.contains(target)));
        }
        Ok(targets)
    }

    /// Returns the first of the request paths that leads to this route with this method, or an error
    /// message.
    pub(super) async fn target(
        &self,
        route: &AccessRow,
        method: &str,
        candidates: impl IntoIterator<Item = String>,
    ) -> Result<String, String> {
        let mut other_route = None;
        for target in candidates {
            match self.matched_route(route, method, &target).await {
                Some(matched_route) if leads_to(route, &matched_route, &target) => {
                    let root = target.is_empty().then(|| "/".to_owned());
                    return Ok(root.unwrap_or(target));
                }
                matched_route => other_route = matched_route.and_then(|MatchedRoute(other)| other),
            }
        }
        Err(match other_route {
            Some(other) => format!("leads to `{}`", without_nest(route, other.as_str())),
            None => "is not in the app".to_owned(),
        })
    }

    async fn matched_route(
        &self,
        route: &AccessRow,
        method: &str,
        target: &str,
    ) -> Option<MatchedRoute> {
        let (app, nest) = match route.path.as_str() {
            ROOT => (&self.nested, NEST),
            _ => (&self.routes, ""),
        };
        let request =
            Request::builder().method(method).uri(format!("{nest}{target}")).body(Body::empty());
        let answer: Response = call(app, request.ok()?).await;
        answer.extensions().get::<MatchedRoute>().cloned()
    }
}

/// Returns the request paths that may lead to a route. For a fallback or a service the request
/// paths have one to [`DEPTH`] additional segments, because sibling routes may match paths of some
/// of these lengths.
fn candidates(route: &AccessRow, values: &PathValues) -> Vec<String> {
    let Some(prefix) = below(route) else {
        return filled(&route.path, values).into();
    };
    let deeper = (1..=DEPTH).map(|depth| format!("{prefix}{}", "/{}".repeat(depth)));
    deeper.flat_map(|path| filled(&path, values)).collect()
}

fn filled(path: &str, values: &PathValues) -> [String; VALUES.len()] {
    VALUES.map(|value| fill(path, values, value))
}

/// Returns the path of a fallback or a service, without and with a slash at the end. Leaves out a
/// path if another route has this path.
fn ends(route: &AccessRow, method: &str, table: &AccessTable) -> Vec<String> {
    let ends = match below(route) {
        None => return Vec::new(),
        Some("") => vec![String::new()],
        Some(prefix) => vec![prefix.to_owned(), format!("{prefix}/")],
    };
    ends.into_iter()
        .filter(|end| {
            let path = if end.is_empty() { "/" } else { end };
            let takes = |other: &AccessRow| other.method == method || other.method == "*";
            !table.routes().any(|other| other.path == path && takes(other))
        })
        .collect()
}

/// Returns the path prefix of a fallback or a service, and `None` for other routes.
fn below(route: &AccessRow) -> Option<&str> {
    let path = route.path.strip_suffix("/*")?;
    (route.method == "*").then_some(path)
}

fn leads_to(route: &AccessRow, MatchedRoute(matched): &MatchedRoute, target: &str) -> bool {
    let matched = matched.as_ref().map(MatchedPath::as_str);
    match (below(route), matched) {
        (None, Some(matched)) => matched == route.path,
        (None, None) => false,
        (Some(prefix), Some(matched)) => {
            let rest = matched.strip_prefix(prefix);
            matches!(rest, Some("" | "/" | "/{*rest}"))
        }
        // If the response names no matched path, a fallback has responded. The fallback of a nested
        // router does not respond at the router's path with a slash at the end.
        (Some(prefix), None) => prefix.is_empty() || !target.ends_with('/'),
    }
}

/// Returns the path of another route without the prefix [`NEST`].
fn without_nest<'a>(route: &AccessRow, other: &'a str) -> &'a str {
    match other.strip_prefix(NEST) {
        Some("") if route.path == ROOT => "/",
        Some(other) if route.path == ROOT => other,
        _ => other,
    }
}
