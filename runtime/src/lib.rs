// This line comes before the README because Markdown uses the first definition of a link: the
// definitions in `links.md` override the README's.
#![doc = include_str!("guide/links.md")]
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate self as axum_protected;

#[cfg(feature = "__browser")]
#[doc(hidden)]
#[path = "browser_exports.rs"]
pub mod __browser;
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "__testing")]
#[doc(hidden)]
#[path = "testing_exports.rs"]
pub mod __testing;
mod algorithm;
pub mod api_key;
pub mod audit;
mod background_task;
mod bounded_file;
pub mod check;
pub mod clock;
mod credential;
pub mod dpop;
mod error;
mod error_chain;
#[cfg(feature = "security_events")]
mod event_routes;
pub mod extract;
pub mod fetch;
mod flights;
mod granted_scopes;
pub mod guide;
mod http_grammar;
mod identity;
pub mod introspection;
mod json;
mod keys;
pub mod layer;
mod lock;
#[cfg(feature = "openapi")]
#[cfg_attr(docsrs, doc(cfg(feature = "openapi")))]
pub mod openapi;
#[cfg(any(feature = "__browser", feature = "security_events"))]
#[cfg_attr(
    not(feature = "__browser"),
    allow(unreachable_pub, reason = "the crate for browsers gets these items")
)]
mod openid;
mod pem;
pub mod policy;
mod possession;
mod problems;
mod redaction;
mod refusal;
mod resource_identifier;
#[cfg(feature = "router")]
#[cfg_attr(docsrs, doc(cfg(feature = "router")))]
pub mod resource_metadata;
pub mod revocation;
#[cfg(feature = "router")]
#[cfg_attr(docsrs, doc(cfg(feature = "router")))]
pub mod router;
#[cfg(feature = "security_events")]
#[cfg_attr(docsrs, doc(cfg(feature = "security_events")))]
pub mod security_event;
pub mod server;
pub mod telemetry;
mod token;
mod transport;

/// Implements [`HasResourceServer`](trait@HasResourceServer) for the state of an application.
///
/// The implementation returns the server from the field of type [`ResourceServer`], or from the
/// field marked `#[resource_server]`. The marked field may have any type that implements
/// `HasResourceServer`. `#[has_resource_server(crate = path)]` sets the path of this crate, like
/// `crate = path` in [`protected`](macro@protected).
pub use axum_protected_macros::HasResourceServer;
/// Implements [`Policy`](trait@Policy) for a type, which makes it a named policy.
///
/// ```
/// use axum_protected::{Authorized, Policy, protected};
///
/// #[derive(Policy)]
/// #[policy(scope = "items:write", client = "backoffice")]
/// struct CanWriteItems;
///
/// /// Cannot be called without the proof.
/// fn store(_: &Authorized<CanWriteItems>) {}
///
/// #[protected(policy = CanWriteItems)]
/// async fn create(proof: Authorized<CanWriteItems>) {
///     store(&proof);
/// }
/// ```
///
/// `#[policy(...)]` takes the same requirements as [`#[protected(...)]`](macro@protected), and the word
/// [`page`](macro@protected#pages).
pub use axum_protected_macros::Policy;
/// Implements the trait [`Roles`](trait@Roles) for an enum, so that each variant is a role. The trait
/// [`Roles`](trait@Roles) has an example.
pub use axum_protected_macros::Roles;
/// Implements the trait [`Scopes`](trait@Scopes) for an enum, so that each variant is a scope. The
/// trait [`Scopes`](trait@Scopes) has an example.
pub use axum_protected_macros::Scopes;
/// Implements the trait [`Check`](check::Check) for an async function. The trait
/// [`Check`](check::Check) has an example.
///
/// # Constants
///
/// The first parameters of the function can be marked `#[constant]`. The attribute that names the
/// check states their values. Each value is an expression that a `const` accepts:
///
/// ```
/// use axum::extract::State;
/// use axum_protected::{AccessToken, check, protected};
/// # #[derive(Clone)] struct Db;
/// # impl Db { async fn permits(&self, _: &str, _: Permission) -> bool { true } }
///
/// enum Permission {
///     BlogRead,
///     BlogWrite,
/// }
///
/// #[check]
/// async fn can(#[constant] permission: Permission, State(db): State<Db>, caller: AccessToken) -> bool {
///     match caller.subject() {
///         Some(subject) => db.permits(subject, permission).await,
///         None => false,
///     }
/// }
///
/// #[protected(check = can(Permission::BlogRead))]
/// async fn read() {}
///
/// #[protected(any(check = can(Permission::BlogWrite), scope = "blogs:admin"))]
/// async fn write() {}
/// ```
///
/// Documents, access tables and logs show the values, for example `can(Permission::BlogRead)`. Two
/// requirements with different values are two checks. The type of a constant needs no trait of this
/// crate. It must be `Send`, and it can only borrow `'static` data.
///
/// # Generic states
///
/// A check works with every state that its extractors accept. If the state of the application is
/// generic, `state = ...` names the state and the function has the parameters of the state:
///
/// ```
/// use axum::extract::{Path, State};
/// use axum_protected::{AccessToken, HasResourceServer, ResourceServer, check, protected};
///
/// trait Repository: Clone + Send + Sync + 'static {
///     fn owner(&self, order: u64) -> Option<String>;
/// }
///
/// #[derive(Clone, HasResourceServer)]
/// struct AppState<R> {
///     server: ResourceServer,
///     orders: R,
/// }
///
/// #[check(state = AppState<R>)]
/// async fn owns_order<R: Repository>(
///     Path(id): Path<u64>,
///     State(state): State<AppState<R>>,
///     caller: AccessToken,
/// ) -> bool {
///     caller.subject() == state.orders.owner(id).as_deref()
/// }
///
/// #[protected(check = owns_order)]
/// async fn order<R: Repository>(State(state): State<AppState<R>>) {}
/// ```
///
/// `#[check(crate = path)]` sets the path of this crate, like `crate = path` in [`macro@protected`].
pub use axum_protected_macros::check;
#[doc = include_str!("protected.md")]
pub use axum_protected_macros::protected;
/// Declares that a handler may be called without a token, and states the reason.
///
/// ```
/// # use axum_protected::public;
/// #[public(reason = "liveness probe")]
/// async fn health() -> &'static str {
///     "ok"
/// }
/// ```
///
/// The access table shows the reason, so that reviewers can judge it. `#[public]` accepts the same
/// functions as [`protected`](macro@protected). If the response depends on whether the caller has a
/// token, the handler takes `Option<AccessToken>` or `Option<Claims<T>>`.
///
/// Such a handler may show a page, whose caller is recognized by a
/// [cookie](ResourceServerBuilder::token_cookie). `#[public(reason = "landing page", page)]` declares
/// this: the option then contains the caller also if a link on another site led to the page. Without
/// `page` it is `None` then. The [pages](macro@protected#pages) of `#[protected]` have the details.
pub use axum_protected_macros::public;

pub use self::algorithm::Algorithm;
#[doc(inline)]
pub use self::check::{Denied, Loaded};
pub use self::credential::Presentation;
pub use self::error::{ConfigError, RefusalKind, TokenError};
#[doc(inline)]
pub use self::extract::{Authorized, Checked, Claims};
pub use self::identity::{AccessToken, DetailsError};
#[cfg(fuzzing)]
#[doc(hidden)]
pub use self::introspection::fuzzing::{IntrospectionVerdict, introspection_verdict};
#[cfg(fuzzing)]
#[doc(hidden)]
pub use self::keys::fuzzing;
#[doc(inline)]
pub use self::layer::ProtectedLayer;
#[doc(inline)]
pub use self::policy::{Policy, Roles, ScopeName, Scopes};
pub use self::possession::Proof;
pub use self::refusal::Refusal;
#[cfg(feature = "router")]
#[cfg_attr(docsrs, doc(cfg(feature = "router")))]
#[doc(inline)]
pub use self::router::{ProtectedRouter, protected, public, routing};
#[doc(inline)]
pub use self::server::{HasResourceServer, Issuer, ResourceServer, ResourceServerBuilder};
pub use self::token::Provider;
#[cfg(fuzzing)]
#[doc(hidden)]
pub use self::transport::fuzzing::certificate_thumbprint;
