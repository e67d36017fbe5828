//! The trait with which extractors find the `ResourceServer` in the application state.

use std::sync::Arc;

use super::ResourceServer;

/// An application state that holds a [`ResourceServer`].
///
/// Derive this trait. The derive macro uses the field of type `ResourceServer`, or the field marked
/// `#[resource_server]`:
///
/// ```
/// use axum_protected::{HasResourceServer, ResourceServer};
///
/// #[derive(Clone, HasResourceServer)]
/// struct AppState {
///     server: ResourceServer,
///     items: Vec<String>,
/// }
///
/// #[derive(Clone, HasResourceServer)]
/// struct Nested {
///     #[resource_server]
///     app: AppState,
/// }
/// ```
///
/// `Arc<S>` and `&'static S` implement this trait if `S` implements it. `S` may be a trait object,
/// for a state whose parts are chosen at run time:
///
/// ```
/// use std::sync::Arc;
/// use axum::{Router, extract::State, routing::get};
/// use axum_protected::{HasResourceServer, protected};
///
/// trait App: HasResourceServer + Send + Sync {
///     fn greeting(&self) -> String;
/// }
///
/// #[protected]
/// async fn hello(State(app): State<Arc<dyn App>>) -> String {
///     app.greeting()
/// }
///
/// fn routes(app: Arc<dyn App>) -> Router {
///     Router::new().route("/hello", get(hello)).with_state(app)
/// }
/// ```
///
/// axum's `FromRef` is not used, because an
/// application cannot implement `FromRef<Arc<AppState>>` for `ResourceServer`.
#[diagnostic::on_unimplemented(
    message = "the application state `{Self}` holds no `ResourceServer`",
    label = "this state has no resource server to verify tokens with",
    note = "add a field `server: ResourceServer` to it and `#[derive(HasResourceServer)]`",
    note = "for a state such as `Arc<dyn App>`, declare `trait App: HasResourceServer`",
    note = "with `#[debug_handler]`, name the state: `#[debug_handler(state = AppState)]`"
)]
pub trait HasResourceServer {
    /// Returns the server that verifies the tokens of this application.
    fn resource_server(&self) -> &ResourceServer;
}

impl HasResourceServer for ResourceServer {
    fn resource_server(&self) -> &ResourceServer {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<S: HasResourceServer + ?Sized> HasResourceServer for Arc<S> {
    fn resource_server(&self) -> &ResourceServer {
        S::resource_server(self)
    }
}

#[diagnostic::do_not_recommend]
impl<S: HasResourceServer + ?Sized> HasResourceServer for &'static S {
    fn resource_server(&self) -> &ResourceServer {
        S::resource_server(self)
    }
}
