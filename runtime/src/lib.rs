// This line comes before the README because Markdown uses the first definition of a link: the
// definitions in `links.md` override the README's.
#![doc = include_str!("guide/links.md")]
#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate self as axum_protected;

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
mod bounded_file;
pub mod check;
pub mod clock;
mod credential;
mod error;
mod error_chain;
pub mod extract;
pub mod fetch;
mod granted_scopes;
pub mod guide;
mod http_grammar;
mod identity;
mod json;
mod keys;
pub mod layer;
#[cfg(feature = "openapi")]
#[cfg_attr(docsrs, doc(cfg(feature = "openapi")))]
pub mod openapi;
pub mod policy;
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
/// `#[policy(...)]` takes the same requirements as [`#[protected(...)]`](macro@protected).
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
/// Protects a handler: a request must have an access token that is valid and satisfies the given
/// requirements.
///
/// | attribute | requires |
/// |---|---|
/// | `#[protected]` | a valid token |
/// | `#[protected(scope = "items:read")]` | this scope |
/// | `#[protected(all(scope = "a", scope = "b"))]` | all of these |
/// | `#[protected(any(scope = "a", all(scope = "b", scope = "c")))]` | one of these |
/// | `scope = Scope::ItemsRead` | this declared scope ([`Scopes`](trait@Scopes)), or a scope that implies this scope |
/// | `scope = ITEMS_READ` | the scope in this constant of the type [`ScopeName`] |
/// | `role = "auditor"` | this role |
/// | `role = Role::Auditor` | this declared role ([`Roles`](trait@Roles)) |
/// | `client = "web"` | this OAuth client |
/// | `issuer = "acme"` | this issuer, by its configured name, or by its identifier if it has no name |
/// | `claim("realm.path" = "x")` | a claim with this string, integer or boolean, or an array that contains it |
/// | `claim(["https://x.y/z", "a.b"] = 1)` | a claim at a path of names that contain dots, with one string for each name. A single name that begins with `https://`, `http://` or `urn:` needs no brackets |
/// | `acr = "gold"` | this authentication context class (RFC 9470) |
/// | `max_age = "5m"` | user authentication at most this long ago (RFC 9470) |
/// | `check = owns_order` | a decision of the application ([`Check`](check::Check)) |
/// | `check = can(Permission::BlogRead)` | the same, with values for the [constants](macro@check#constants) of the check |
/// | `policy = CanWriteItems` | a named policy ([`Policy`](derive@Policy)) |
/// | `#[protected(scope = "a", crate = ::other::axum_protected)]` | sets the path of this crate, for a crate that is renamed or re-exported |
///
/// A token must satisfy all requirements that are joined by commas. Requirements that contradict
/// each other do not compile: for example, a token has only one client, one `acr` and one issuer.
/// An alternative of `any` that no token can satisfy does not compile. A requirement that another
/// requirement makes redundant does not compile either. These rules take into account which scopes
/// imply other scopes, and which requirements a named policy has. A check is compared only with the
/// checks of the same attribute, by its path and its constants.
///
/// Empty parentheses do not compile, and a list of requirements that is empty after macro expansion
/// does not compile. One case is not detected: if `macro_rules!` substitutes the whole attribute,
/// as in `#[$attribute]`, then `protected()` means the same as `protected` and requires only a
/// valid token.
///
/// Write the attribute on a free function that is `async` or returns a future, and has at most 15
/// extractors. The attribute adds the guard as the first argument. For example,
///
/// ```
/// # use axum_protected::protected;
/// #[protected(scope = "items:read")]
/// async fn list() -> &'static str {
///     "widgets"
/// }
/// ```
///
/// becomes
///
/// ```
/// # use axum_protected::{Authorized, Policy};
/// # use axum_protected::policy::{Demand, Operation, Requirement};
/// async fn list(_: Authorized<__protected_list>) -> &'static str {
///     "widgets"
/// }
///
/// #[doc(hidden)]
/// enum __protected_list {}
///
/// impl Policy for __protected_list {
///     type Checks = ();
///     const OPERATION: Operation = Operation::new(
///         concat!(module_path!(), "::list"),
///         Requirement::One(Demand::Scope("items:read")),
///     );
/// }
/// ```
///
/// The attribute does not change the body and the return type of the function. No feature and no
/// `cfg` of this crate disables the guard. An attribute written as `#[cfg_attr(..., protected)]`
/// protects the function only if the condition of the `cfg_attr` is true.
///
/// A handler can take the proof of a policy, such as [`Authorized<CanWriteItems>`](Authorized). The
/// attribute of the handler must then require that policy, or requirements that imply that policy,
/// because API documents and the access table show only the requirements of the attribute.
///
/// A handler can take the value of a check that returns [`Loaded`], as in
/// [`Checked<own_blog>`](Checked). The attribute of the handler must then demand that check in every
/// case.
///
/// Write `#[protected]` above other attributes. If a `#[utoipa::path(..., impl_for = T)]` is above
/// `#[protected]`, no error is reported and utoipa documents the operation without security. A
/// `#[debug_handler]` below `#[protected]` must name the state, because the guard needs the state:
/// `#[debug_handler(state = AppState)]`.
///
/// `#[protected]` does not compile on a function inside an `impl`. For a function without `self`,
/// the error comes from the compiler and says that an `enum` is not supported inside an `impl`.
///
/// ```compile_fail
/// # use axum_protected::protected;
/// struct Api;
///
/// impl Api {
///     #[protected]
///     async fn list() {}
/// }
/// ```
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
/// functions as [`protected`](macro@protected). If the response depends on whether the caller has a token, the
/// handler takes `Option<AccessToken>` or `Option<Claims<T>>`.
pub use axum_protected_macros::public;

pub use self::algorithm::Algorithm;
#[doc(inline)]
pub use self::check::{Denied, Loaded};
pub use self::credential::Presentation;
pub use self::error::{ConfigError, RefusalKind, TokenError};
#[doc(inline)]
pub use self::extract::{Authorized, Checked, Claims};
pub use self::identity::AccessToken;
#[cfg(fuzzing)]
#[doc(hidden)]
pub use self::keys::fuzzing;
#[doc(inline)]
pub use self::layer::ProtectedLayer;
#[doc(inline)]
pub use self::policy::{Policy, Roles, ScopeName, Scopes};
pub use self::refusal::Refusal;
#[cfg(feature = "router")]
#[cfg_attr(docsrs, doc(cfg(feature = "router")))]
#[doc(inline)]
pub use self::router::{ProtectedRouter, protected, public, routing};
#[doc(inline)]
pub use self::server::{HasResourceServer, Issuer, ResourceServer, ResourceServerBuilder};
pub use self::token::Provider;
