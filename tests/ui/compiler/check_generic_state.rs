use axum::extract::{FromRef, State};
use axum_protected::{HasResourceServer, ResourceServer, check, protected};
use axum_protected::{ProtectedRouter, routing::get};

trait Repository: Clone + Send + Sync + 'static {}

#[derive(Clone)]
struct Postgres;

impl Repository for Postgres {}

#[derive(Clone)]
struct AppState<R> {
    server: ResourceServer,
    repository: R,
}

impl<R> HasResourceServer for AppState<R> {
    fn resource_server(&self) -> &ResourceServer {
        &self.server
    }
}

impl FromRef<AppState<Postgres>> for Postgres {
    fn from_ref(state: &AppState<Postgres>) -> Self {
        state.repository.clone()
    }
}

#[check(state = AppState<Postgres>)]
async fn another_extractor(_: State<String>) -> bool {
    true
}

#[check(state = AppState<R>)]
async fn owns<R: Repository>(_: State<R>) -> bool {
    true
}

#[protected(check = owns)]
async fn order<R: Repository>(_: State<AppState<R>>) {}

fn main() {
    let _ = ProtectedRouter::<AppState<Postgres>>::new().route("/orders", get(order::<Postgres>));
}
