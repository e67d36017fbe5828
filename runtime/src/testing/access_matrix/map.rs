//! Where requests lead in an app, found without running any of its handlers.

use axum::extract::{MatchedPath, Request};
use axum::middleware::{Next, from_fn};
use axum::{Extension, Router};
use axum_core::body::Body;
use axum_core::response::Response;
use http::StatusCode;
use http::header::ALLOW;

use super::call;
use super::path::{VALUES, fill};
use crate::router::Route;

/// Where the app is nested to tell its own fallback, which goes with it, from axum's.
const NEST: &str = "/app";

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

    /// The path of a request with this method that leads to this route, or why there is none.
    pub(super) async fn target(&self, route: &Route, method: &str) -> Result<String, String> {
        let mut elsewhere = None;
        for path in paths(route) {
            for value in VALUES {
                let target = fill(&path, value);
                match self.place(route, method, &target).await {
                    Some(place) if leads_to(route, &place) => {
                        let root = target.is_empty().then(|| "/".to_owned());
                        return Ok(root.unwrap_or(target));
                    }
                    place => elsewhere = place.and_then(|Place(other)| other),
                }
            }
        }
        Err(match elsewhere {
            Some(other) => format!("leads to `{}`", other.as_str()),
            None => "is not in the app".to_owned(),
        })
    }

    async fn place(&self, route: &Route, method: &str, target: &str) -> Option<Place> {
        let (app, nest) = match route.path.as_str() {
            "/*" => (&self.nested, NEST),
            _ => (&self.routes, ""),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{nest}{target}"))
            .body(Body::empty());
        let answer: Response = call(app, request.ok()?).await;
        let is_other_method = answer.headers().contains_key(ALLOW);
        let place = answer.extensions().get::<Place>().cloned();
        place.filter(|_| !is_other_method)
    }
}

/// What the table has for everything below a path is below it, and at it.
fn paths(route: &Route) -> Vec<String> {
    match below(route) {
        Some(prefix) => vec![format!("{prefix}/{{*rest}}"), prefix.to_owned()],
        None => vec![route.path.clone()],
    }
}

/// The path below which this route takes everything: a fallback or a service.
fn below(route: &Route) -> Option<&str> {
    let path = route.path.strip_suffix("/*")?;
    (route.method == "*").then_some(path)
}

fn leads_to(route: &Route, Place(matched): &Place) -> bool {
    let matched = matched.as_ref().map(MatchedPath::as_str);
    match (below(route), matched) {
        (None, Some(matched)) => matched == route.path,
        (None, None) => false,
        (Some(prefix), Some(matched)) => {
            let rest = matched.strip_prefix(prefix);
            matches!(rest, Some("" | "/" | "/{*rest}"))
        }
        // What no path is for: a fallback.
        (Some(_), None) => true,
    }
}
