use axum::extract::State;
use axum_protected::routing::{any, get};
use axum_protected::{ProtectedRouter, protected, public};

#[derive(Clone)]
struct Db;

#[public(reason = "a page for people")]
async fn page(_: State<Db>) {}

#[protected(scope = "items:read")]
async fn list() {}

fn generic<S: Clone + Send + Sync + 'static>() -> ProtectedRouter<S> {
    ProtectedRouter::new().route("/items", get(list))
}

trait App: Send + Sync {}

fn main() {
    let _ = ProtectedRouter::<std::sync::Arc<dyn App>>::new().route("/items", get(list));
    let _ = ProtectedRouter::<Db>::new().route("/page", any(page));
    let _ = ProtectedRouter::<Db>::new().route("/items", get(list));
    let _: axum::Router =
        ProtectedRouter::new().fallback(list).with_state(Db).into_router().unwrap();
    let _ = generic::<Db>();
}
