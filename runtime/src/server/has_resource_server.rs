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
/// `Arc<S>` implements this trait if `S` implements it. axum's `FromRef` is not used, because an
/// application cannot implement `FromRef<Arc<AppState>>` for `ResourceServer`.
#[diagnostic::on_unimplemented(
    message = "the application state `{Self}` holds no `ResourceServer`",
    label = "this state has no resource server to verify tokens with",
    note = "add a field `server: ResourceServer` to it and `#[derive(HasResourceServer)]`",
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
impl<S: HasResourceServer> HasResourceServer for Arc<S> {
    fn resource_server(&self) -> &ResourceServer {
        S::resource_server(self)
    }
}
