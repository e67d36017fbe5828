use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum_protected::router::GuardLayer;
use axum_protected::{ProtectedRouter, ResourceServer, protected};

#[protected]
async fn guarded(request: Request, next: Next) -> Response {
    next.run(request).await
}

async fn unguarded(request: Request, next: Next) -> Response {
    next.run(request).await
}

#[derive(Clone)]
struct MyLayer;

fn example(server: ResourceServer, router: ProtectedRouter<ResourceServer>) {
    let router = router.guard(from_fn_with_state(server.clone(), guarded));
    let router = router.guard(from_fn_with_state(server, unguarded));
    let router = router.guard(from_fn(guarded));
    let _ = router.guard(tower::layer::util::Identity::new());
}

impl GuardLayer for MyLayer {}

fn main() {}
