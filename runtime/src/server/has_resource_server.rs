//! Where extractors find the server.

use std::sync::Arc;

use super::ResourceServer;

/// An application state that holds a [`ResourceServer`].
///
/// Derive it; the field of that type is found by itself, another one can be marked:
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
/// It holds for `Arc` of such a state too, which axum's `FromRef` could not be made to.
#[diagnostic::on_unimplemented(
    message = "the application state `{Self}` holds no `ResourceServer`",
    label = "this state has no resource server to verify tokens with",
    note = "add a field `server: ResourceServer` to it and `#[derive(HasResourceServer)]`",
    note = "with `#[debug_handler]`, name the state: `#[debug_handler(state = AppState)]`"
)]
pub trait HasResourceServer {
    /// The server that verifies the tokens of this application.
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
