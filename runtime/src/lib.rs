// Of two definitions of a link the first counts.
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
pub mod check;
pub mod clock;
mod credential;
mod error;
pub mod extract;
pub mod guide;
mod json;
mod keys;
pub mod layer;
#[cfg(feature = "openapi")]
#[cfg_attr(docsrs, doc(cfg(feature = "openapi")))]
pub mod openapi;
pub mod policy;
mod problems;
mod refusal;
pub mod revocation;
#[cfg(feature = "router")]
#[cfg_attr(docsrs, doc(cfg(feature = "router")))]
pub mod router;
mod scope;
pub mod server;
pub mod telemetry;
mod token;

/// Finds the [`ResourceServer`] in the state of an application; see the
/// [trait](trait@HasResourceServer) of the same name.
///
/// It is the field of that type, or the one marked `#[resource_server]`, whose type then is any
/// other that implements the trait. `#[has_resource_server(crate = path)]` is as for
/// [`protected`].
pub use axum_protected_macros::HasResourceServer;
/// Makes a type a named policy.
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
/// `#[policy(...)]` says what `#[protected(...)]` says.
pub use axum_protected_macros::Policy;
/// Makes an enum a vocabulary of [`Scopes`](trait@Scopes); see there.
pub use axum_protected_macros::Scopes;
/// Makes an async function a [`Check`](check::Check); see there.
pub use axum_protected_macros::check;
/// States what the access token of a caller must satisfy.
///
/// | attribute | demands |
/// |---|---|
/// | `#[protected]` | a valid token |
/// | `#[protected(scope = "items:read")]` | this scope |
/// | `#[protected(all(scope = "a", scope = "b"))]` | all of these |
/// | `#[protected(any(scope = "a", all(scope = "b", scope = "c")))]` | one of these |
/// | `scope = Scope::ItemsRead` | this scope of a vocabulary ([`Scopes`](trait@Scopes)), or one that implies it |
/// | `role = "auditor"`, `client = "web"`, `issuer = "acme"` | what the names say; the issuer by its configured name, or by its identifier where it has none |
/// | `claim("realm.path" = "x")` | a claim with this string, whole number or truth value, or an array with it |
/// | `claim(["https://x.y/z", "a.b"] = 1)` | the same, the way to the claim written name by name: for names with dots, unless one alone begins with `https://`, `http://` or `urn:` |
/// | `acr = "gold"`, `max_age = "5m"` | how and when the user authenticated (RFC 9470) |
/// | `check = owns_order` | what only the application knows ([`Check`](check::Check)) |
/// | `policy = CanWriteItems` | a named policy ([`Policy`](derive@Policy)) |
/// | `#[protected(scope = "a", crate = ::other::axum_protected)]` | where the crate has another path |
///
/// Demands that are joined by commas must all be satisfied. One that cannot be satisfied with
/// another is an error, as a token has one client, one `acr` and one issuer, and so is such a case
/// of `any`. What another makes redundant is an error too. Both hold where that is so only through
/// what a scope implies or a named policy demands. Checks are compared within one attribute only.
///
/// Empty parentheses do not compile, nor does a list for which a macro has substituted nothing. One
/// case is not visible to the attribute: where `macro_rules!` substitutes all of it, as in
/// `#[$attribute]`, `protected()` is the same as `protected` and demands a valid token.
///
/// It goes on a free function that is `async` or returns a future, with at most 15 extractors, and
/// gives it the guard as its first argument:
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
/// A handler that takes the proof of a policy, [`Authorized<CanWriteItems>`](Authorized), states
/// that policy, or what implies it: what it demands is what documents and the access table say.
///
/// Body and return type are not touched. No feature and no `cfg` turns the guard off; whoever
/// writes `#[cfg_attr(..., protected)]` does so himself.
///
/// Write it above other attributes: of `#[utoipa::path(..., impl_for = T)]` above nothing can be
/// seen here, and its operation would not say who may call it. With `#[debug_handler]` below name
/// the state, since the guard needs it: `#[debug_handler(state = AppState)]`.
///
/// On a method, or on a function inside an `impl`, it does not compile; inside an `impl` without
/// `self` in the compiler's own words, that an `enum` is not supported there:
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
/// States why anybody may call a handler.
///
/// ```
/// # use axum_protected::public;
/// #[public(reason = "liveness probe")]
/// async fn health() -> &'static str {
///     "ok"
/// }
/// ```
///
/// The reason is for whoever reviews who may call what. The rules of [`protected`] hold. A handler
/// that answers otherwise who brings a token takes `Option<AccessToken>` or `Option<Claims<T>>`.
pub use axum_protected_macros::public;

pub use self::algorithm::Algorithm;
#[doc(inline)]
pub use self::check::Denied;
pub use self::error::{ConfigError, RefusalKind, TokenError};
#[doc(inline)]
pub use self::extract::{Authorized, Claims};
#[cfg(fuzzing)]
#[doc(hidden)]
pub use self::keys::fuzzing;
#[doc(inline)]
pub use self::layer::ProtectedLayer;
#[doc(inline)]
pub use self::policy::{Policy, Scopes};
pub use self::refusal::Refusal;
#[cfg(feature = "router")]
#[cfg_attr(docsrs, doc(cfg(feature = "router")))]
#[doc(inline)]
pub use self::router::{ProtectedRouter, routing};
#[doc(inline)]
pub use self::server::{HasResourceServer, Issuer, ResourceServer, ResourceServerBuilder};
pub use self::token::{AccessToken, Provider};
