//! Handlers and services that need a wrapper, and routers that cannot be merged.

use std::convert::Infallible;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum_protected::routing::{get, get_service, post};
use axum_protected::{Policy, ProtectedRouter, ResourceServer, protected, public};

type Routes = ProtectedRouter<ResourceServer>;

#[derive(Clone)]
struct Files;

impl tower::Service<Request> for Files {
    type Response = Response;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response, Infallible>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        std::future::ready(Ok(Response::default()))
    }
}

#[derive(Policy)]
#[policy(scope = "files:read")]
struct CanRead;

#[derive(Policy)]
#[policy(scope = "files:read")]
enum EnumCanRead {}

struct NotAPolicy;

#[derive(Clone)]
struct Db;

fn closure() -> Routes {
    Routes::new().route("/", get(|| async { "closure" }))
}

fn foreign() -> Routes {
    Routes::new().route("/", post(std::future::ready::<()>))
}

fn nested() -> Routes {
    Routes::new().nest_service("/files", Files)
}

fn routed() -> Routes {
    Routes::new().route_service("/files", Files).route("/file", get_service(Files))
}

fn fallback() -> Routes {
    Routes::new().fallback_service(Files)
}

fn merged(router: Router) -> Routes {
    Routes::new().merge(router)
}

fn nested_router(router: Router) -> Routes {
    Routes::new().nest("/api", router)
}

fn enum_as_value() -> Routes {
    Routes::new().nest_service("/files", protected(EnumCanRead, Files))
}

fn no_policy() -> Routes {
    Routes::new().nest_service("/files", protected(NotAPolicy, Files))
}

fn string_as_policy() -> Routes {
    Routes::new().nest_service("/files", protected("files:read", Files))
}

fn not_a_service() -> Routes {
    Routes::new().nest_service("/files", public("for all", Db))
}

fn wrapper_outside() -> Routes {
    Routes::new().route("/", public("for all", axum::routing::get(|| async {})))
}

#[public(reason = "for all")]
async fn not_found() {}

fn handler_as_service() -> Routes {
    Routes::new().fallback_service(not_found)
}

fn without_server() -> ProtectedRouter<Db> {
    ProtectedRouter::new()
        .nest_service("/files", protected(CanRead, Files))
        .route("/closure", get(protected(CanRead, || async {})))
}

fn main() {}
