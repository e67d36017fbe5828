//! Where requests lead in an app, found without running any of its handlers.

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use axum::http::header::ALLOW;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::{Extension, Router};

use super::call;
use super::path::{VALUES, fill};
use axum_protected::router::{AccessRow, AccessTable};

/// Where the app is nested to tell its own fallback, which goes with it, from axum's.
const NEST: &str = "/app";

/// The route of the app's own fallback.
const ROOT: &str = "/*";

/// So deep are the requests for what takes everything below a path.
const DEPTH: usize = 8;

/// An app whose routes do nothing but answer which they are.
pub(super) struct Map {
    /// Without the fallback, if there is one.
    routes: Router,
    /// With it, below [`NEST`].
    nested: Router,
}

/// In the extensions of an answer, unless axum's own 404 is the answer.
#[derive(Clone)]
struct Place(Option<MatchedPath>);

impl Map {
    pub(super) fn of(app: &Router) -> Self {
        let telling = app.clone().layer(from_fn(
            // axum says which methods there are in the answers to others, if they are no success.
            |path, _: Request, _: Next| async { (StatusCode::NOT_FOUND, Extension(Place(path))) },
        ));
        let nested = Router::new().without_v07_checks();
        Self {
            nested: nested.nest(NEST, telling.clone()),
            routes: telling.fallback(|| async { StatusCode::NOT_FOUND }),
        }
    }

    /// The paths of requests with this method that lead to this route, or why there is none: one,
    /// and of what takes everything below a path that path itself, and with a slash after it.
    pub(super) async fn targets(
        &self,
        route: &AccessRow,
        method: &str,
        table: &AccessTable,
    ) -> Result<Vec<String>, String> {
        let ends = ends(route, method, table);
        let first = candidates(route).into_iter().chain(ends.iter().flat_map(|end| filled(end)));
        let mut targets = vec![self.target(route, method, first).await?];
        for end in ends {
            let target = self.target(route, method, filled(&end)).await;
            targets.extend(target.ok().filter(|target| !targets.contains(target)));
        }
        Ok(targets)
    }

    async fn target(
        &self,
        route: &AccessRow,
        method: &str,
        candidates: impl IntoIterator<Item = String>,
    ) -> Result<String, String> {
        let mut elsewhere = None;
        for target in candidates {
            match self.place(route, method, &target).await {
                Some(place) if leads_to(route, &place, &target) => {
                    let root = target.is_empty().then(|| "/".to_owned());
                    return Ok(root.unwrap_or(target));
                }
                place => elsewhere = place.and_then(|Place(other)| other),
            }
        }
        Err(match elsewhere {
            Some(other) => format!("leads to `{}`", shown(route, other.as_str())),
            None => "is not in the app".to_owned(),
        })
    }

    async fn place(&self, route: &AccessRow, method: &str, target: &str) -> Option<Place> {
        let (app, nest) = match route.path.as_str() {
            ROOT => (&self.nested, NEST),
            _ => (&self.routes, ""),
        };
        let request =
            Request::builder().method(method).uri(format!("{nest}{target}")).body(Body::empty());
        let answer: Response = call(app, request.ok()?).await;
        let is_other_method = answer.headers().contains_key(ALLOW);
        let place = answer.extensions().get::<Place>().cloned();
        place.filter(|_| !is_other_method)
    }
}

/// The paths of requests that may lead to a route. Below a path they are ever deeper, since what is
/// beside it takes those with as many parts as it has itself.
fn candidates(route: &AccessRow) -> Vec<String> {
    let Some(prefix) = below(route) else {
        return filled(&route.path).into();
    };
    let deeper = (1..=DEPTH).map(|depth| format!("{prefix}{}", "/{part}".repeat(depth)));
    deeper.flat_map(|path| filled(&path)).collect()
}

fn filled(path: &str) -> [String; VALUES.len()] {
    VALUES.map(|value| fill(path, value))
}

/// The path below which a route takes everything, and with a slash, unless they have another route.
fn ends(route: &AccessRow, method: &str, table: &AccessTable) -> Vec<String> {
    let ends = match below(route) {
        None => return Vec::new(),
        Some("") => vec![String::new()],
        Some(prefix) => vec![prefix.to_owned(), format!("{prefix}/")],
    };
    ends.into_iter()
        .filter(|end: &String| {
            let path = if end.is_empty() { "/" } else { end };
            let takes = |other: &AccessRow| other.method == method || other.method == "*";
            !table.routes().any(|other| other.path == path && takes(other))
        })
        .collect()
}

/// The path below which this route takes everything: a fallback or a service.
fn below(route: &AccessRow) -> Option<&str> {
    let path = route.path.strip_suffix("/*")?;
    (route.method == "*").then_some(path)
}

fn leads_to(route: &AccessRow, Place(matched): &Place, target: &str) -> bool {
    let matched = matched.as_ref().map(MatchedPath::as_str);
    match (below(route), matched) {
        (None, Some(matched)) => matched == route.path,
        (None, None) => false,
        (Some(prefix), Some(matched)) => {
            let rest = matched.strip_prefix(prefix);
            matches!(rest, Some("" | "/" | "/{*rest}"))
        }
        // What no path is for: a fallback. That of a nested router does not take its slash.
        (Some(prefix), None) => prefix.is_empty() || !target.ends_with('/'),
    }
}

/// Another route as the app calls it.
fn shown<'a>(route: &AccessRow, other: &'a str) -> &'a str {
    match other.strip_prefix(NEST) {
        Some("") if route.path == ROOT => "/",
        Some(other) if route.path == ROOT => other,
        _ => other,
    }
}
