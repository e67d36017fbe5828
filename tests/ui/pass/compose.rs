//! Combinations of access attributes with other attributes, in each order that is valid.

use std::future::Future;

use axum::extract::{Path, Query};
use axum::routing::get;
use axum::{Json, Router, debug_handler};
use axum_protected::{HasResourceServer, ResourceServer, protected, public};
use tracing::instrument;

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
}

#[protected(scope = "items:read")]
#[debug_handler(state = AppState)]
async fn debug_below(Json(_item): Json<u8>) -> &'static str {
    "items"
}

#[public(reason = "liveness probe")]
#[debug_handler]
async fn debug_below_public() {}

#[protected(scope = "items:read")]
#[instrument(skip_all)]
async fn instrument_below(Path(id): Path<u8>) -> String {
    id.to_string()
}

#[instrument]
#[protected(scope = "items:read")]
async fn instrument_above(Path(id): Path<u8>) -> String {
    id.to_string()
}

#[protected(any(scope = "items:read", all(scope = "a", scope = "b")))]
#[cfg_attr(all(), allow(unused), utoipa::path(get, path = "/if/{id}", params(("id" = u8, Path)),))]
async fn utoipa_if(Path(id): Path<u8>) -> String {
    id.to_string()
}

#[protected]
#[utoipa::path(get, path = "/below/{id}", params(("id" = u8, Path)))]
pub(crate) async fn utoipa_below(Path(id): Path<u8>) -> String {
    id.to_string()
}

#[protected(scope = "a")]
fn future() -> impl Future<Output = &'static str> + Send {
    std::future::ready("later")
}

#[protected(scope = "a",)]
async fn generic<T, const N: usize>(mut query: Query<Vec<T>>) -> String
where
    T: Send + serde::de::DeserializeOwned + 'static,
{
    query.truncate(N);
    query.len().to_string()
}

#[protected(scope = "a")]
async fn lifetimes<'a>(_: Path<u8>) -> &'a str {
    "static"
}

/// A handler with a doc comment, and with arguments that have a `cfg` attribute.
#[protected(scope = "a")]
async fn conditional(#[cfg(any())] _never: Absent, #[cfg(all())] Path(id): Path<u8>) -> String {
    id.to_string()
}

#[cfg(any())]
#[protected(scope = "a")]
async fn absent() -> Absent {}

#[protected(scope = "a")]
#[cfg(any())]
async fn absent_below() -> Absent {}

#[protected(scope = "a")]
async fn r#type() {}

#[protected]
async fn fifteen(
    #[cfg(any())] _: u8,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
    _: Path<u8>,
) {
}

mod nested {
    use super::*;

    // `#[debug_handler]` has generated items for the handler of the same name outside this module.
    #[protected(scope = "a")]
    pub(super) async fn debug_below() {}
}

macro_rules! handlers {
    ($($name:ident: $scope:literal, $other:expr, $crate_path:path;)*) => {$(
        #[protected(any(scope = $scope, scope = $other), crate = $crate_path)]
        async fn $name() {}
    )*};
}

handlers! {
    first: "a", "b", ::axum_protected;
    second: "c", "d", ::axum_protected;
}

macro_rules! item {
    ($reason:literal, $item:item) => {
        #[public(reason = $reason)]
        $item
    };
}

item!("an example", pub async fn whole_item() {});

fn main() {
    #[protected(scope = "a")]
    async fn inside() {}

    let _: Router = Router::new()
        .route("/1", get(debug_below))
        .route("/2", get(debug_below_public))
        .route("/3", get(instrument_below))
        .route("/4", get(instrument_above))
        .route("/5", get(utoipa_if))
        .route("/6", get(utoipa_below))
        .route("/7", get(future))
        .route("/8", get(generic::<u8, 3>))
        .route("/9", get(lifetimes))
        .route("/10", get(conditional))
        .route("/11", get(r#type))
        .route("/12", get(fifteen))
        .route("/13", get(nested::debug_below))
        .route("/14", get(first))
        .route("/15", get(second))
        .route("/16", get(whole_item))
        .route("/17", get(inside))
        .with_state(AppState { server: server() });
}

fn server() -> ResourceServer {
    ResourceServer::builder()
        .issuer("https://id.example.com")
        .audience("https://api.example.com")
        .build()
        .unwrap()
}
