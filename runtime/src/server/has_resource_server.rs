//! The trait by which extractors find the server in the application state.

use std::sync::Arc;

use super::ResourceServer;

/// An application state that holds a [`ResourceServer`].
///
/// Derive it. The derive uses the field of type `ResourceServer`, or the field marked
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
/// It is also implemented for `Arc` of such a state, which is not possible with axum's `FromRef`.
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
