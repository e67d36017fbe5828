//! Tests that trait objects are application states like any other: for handlers, checks and proofs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::Request;
use axum_protected::routing::get;
use axum_protected::{
    AccessToken, Authorized, HasResourceServer, Policy, ProtectedLayer, ProtectedRouter,
    ResourceServer, check, protected, public,
};
use axum_protected_testing::AuthorizationServer;
use tower::ServiceExt;

/// The application, which the handlers know by its trait only.
trait App: HasResourceServer + Send + Sync {
    fn owner(&self, order: u64) -> &str;
    fn count_check(&self);
}

/// The server is not the first field, so the address of the server is not that of the application.
struct Orders {
    checks: AtomicUsize,
    server: ResourceServer,
}

impl HasResourceServer for Orders {
    fn resource_server(&self) -> &ResourceServer {
        &self.server
    }
}

impl App for Orders {
    fn owner(&self, order: u64) -> &str {
        if order == 1 { "alice" } else { "bob" }
    }

    fn count_check(&self) {
        self.checks.fetch_add(1, SeqCst);
    }
}

/// Declares the same API for a type of state.
macro_rules! api {
    ($module:ident, $state:ty) => {
        mod $module {
            use super::*;

            #[check]
            async fn owns_order(
                Path(order): Path<u64>,
                State(app): State<$state>,
                caller: AccessToken,
            ) -> bool {
                app.count_check();
                caller.subject() == Some(app.owner(order))
            }

            #[derive(Policy)]
            #[policy(check = owns_order)]
            pub(super) struct OwnsOrder;

            #[protected(scope = "orders:read")]
            async fn list(State(_): State<$state>) {}

            #[protected(check = owns_order)]
            async fn show() {}

            /// Takes the proof of its own policy, which the guard has judged already.
            #[protected(policy = OwnsOrder)]
            async fn change(_: Authorized<OwnsOrder>) {}

            /// Calls another handler with a clone of its state.
            #[protected(policy = OwnsOrder)]
            async fn relay(
                _: Authorized<OwnsOrder>,
                State(app): State<$state>,
                request: axum::extract::Request,
            ) -> axum::response::Response {
                use axum::handler::Handler;
                Handler::call(change, request, app).await
            }

            #[public(reason = "liveness probe")]
            async fn health(caller: Option<AccessToken>) -> String {
                format!("{:?}", caller.as_ref().map(AccessToken::subject))
            }

            pub(super) fn router(app: $state) -> Router {
                let layered = Router::new()
                    .route("/layered/{order}", axum::routing::get(async || ()))
                    .route_layer(ProtectedLayer::<OwnsOrder, $state>::new(app.clone()));
                ProtectedRouter::new()
                    .route("/orders", get(list))
                    .route("/orders/{order}", get(show))
                    .route("/changes/{order}", get(change))
                    .route("/relays/{order}", get(relay))
                    .route("/health", get(health))
                    .with_state(app)
                    .into_router()
                    .unwrap()
                    .merge(layered)
            }
        }
    };
}

api!(shared, Arc<dyn App>);
api!(leaked, &'static dyn App);

#[tokio::test]
async fn trait_objects_are_states() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let orders: &'static Orders = Box::leak(Box::new(Orders {
        checks: AtomicUsize::new(0),
        server: issuer.resource_server().build().unwrap(),
    }));
    // An `Arc` of a reference: both routers then count in the same place.
    let shared: Arc<dyn App> = Arc::new(Delegate(orders));
    let token = issuer.token().subject("alice").scope("orders:read").sign();
    let other = issuer.token().subject("alice").scope("other").sign();
    for (name, app) in [("Arc", shared::router(shared)), ("&'static", leaked::router(orders))] {
        for (path, token, status, checks) in [
            ("/health", None, 200, 0),
            ("/orders", None, 401, 0),
            ("/orders", Some(&other), 403, 0),
            ("/orders", Some(&token), 200, 0),
            ("/orders/1", Some(&token), 200, 1),
            ("/orders/2", Some(&token), 403, 1),
            // The guard runs the check, and the proof of the same handler does not run it again.
            ("/changes/1", Some(&token), 200, 1),
            ("/changes/2", Some(&token), 403, 1),
            // The inner handler has another state value, so its guard runs the check again.
            ("/relays/1", Some(&token), 200, 2),
            ("/layered/1", Some(&token), 200, 1),
            ("/layered/2", Some(&token), 403, 1),
            ("/layered/1", None, 401, 0),
        ] {
            let mut request = Request::get(path);
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let request = request.body(Body::empty()).unwrap();
            let response = app.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status, "{name} {path}");
            assert_eq!(orders.checks.swap(0, SeqCst), checks, "{name} {path}");
        }
    }
}

/// An application that passes every call to another.
struct Delegate(&'static Orders);

impl HasResourceServer for Delegate {
    fn resource_server(&self) -> &ResourceServer {
        self.0.resource_server()
    }
}

impl App for Delegate {
    fn owner(&self, order: u64) -> &str {
        self.0.owner(order)
    }

    fn count_check(&self) {
        self.0.count_check();
    }
}
