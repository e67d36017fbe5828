//! Items that generated code uses besides the public names. Not for use by hand.

pub use axum_core::extract::FromRequestParts;
pub use http::request::Parts;

pub use crate::check::extract;
pub use crate::extract::guard::Named;
pub use crate::policy::in_const::exclusion::possible;
pub use crate::policy::in_const::implication::{Connective, Other, needed};
pub use crate::policy::in_const::proof::proves;
pub use crate::policy::in_const::written_security::agrees;
pub use crate::policy::requirement::{check, policy};
use crate::policy::{ScopeEntry, Scopes};

pub use crate::__axum_protected_document as document;
#[cfg(feature = "utoipa")]
pub use crate::openapi::utoipa::documented;
#[cfg(feature = "utoipa")]
pub use crate::router::utoipa_routes::Described;
#[cfg(feature = "utoipa")]
pub use ::utoipa;
#[cfg(feature = "utoipa")]
pub use axum_protected_macros::routes;

/// Constant next to each handler, under the name of an item that `#[debug_handler]` generates. If
/// that attribute is above, the name refers to its item instead.
#[derive(Debug)]
#[allow(clippy::exhaustive_structs, reason = "written by the attributes")]
pub struct Alone;

/// Implemented for [`Alone`] only. Its compile error says how to order the attributes.
#[diagnostic::on_unimplemented(
    message = "write `#[debug_handler]` below `#[protected]` or `#[public]`, so that it sees the guard",
    label = "this attribute must come first"
)]
pub trait NothingAbove {}

impl NothingAbove for Alone {}

/// Compiles unless `#[debug_handler]` is above the attribute.
pub const fn nothing_above<T: NothingAbove>(_: &T) {}

/// Returns the scope. Compiles for declared scopes only; the error names `#[derive(Scopes)]`.
pub const fn declared<T: Scopes>(scope: &T) -> &T {
    scope
}

/// Gives every type a fallback for the method that `#[derive(Scopes)]` writes for an enum. An own
/// method takes precedence. For a type without one, only [`declared`] reports an error then, not a
/// missing `__entry` as well. Constants cannot call the fallback.
pub trait Undeclared {
    /// Returns a scope that no token has.
    fn __entry(&self) -> ScopeEntry {
        ScopeEntry::new("", "", &[])
    }
}

impl<T: ?Sized> Undeclared for T {}

/// Type next to each handler without `#[utoipa::path]` below, under the name of a type that
/// `#[utoipa::path]` generates. If that attribute is above or renamed, the name collides.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "a name, never a value")]
pub enum Undocumented {}

/// Implemented for [`Undocumented`] only. Its compile error says how to order the attributes.
#[diagnostic::on_unimplemented(
    message = "the operation would be documented without security: write `#[utoipa::path(...)]`, under this name, below `#[protected]` or `#[public]`",
    label = "this attribute must be above `#[utoipa::path]`"
)]
pub trait NotDocumentedAbove {}

impl NotDocumentedAbove for Undocumented {}

/// Compiles unless `#[utoipa::path]` is above the attribute.
pub const fn not_documented_above<T: NotDocumentedAbove>() {}

/// Defines the operation of a handler that utoipa describes, with the security of the handler
/// added, under the name that utoipa expects.
#[cfg(feature = "utoipa")]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_protected_document {
    (new $target:ident $inner:ident $access:expr) => {
        #[doc(hidden)]
        #[allow(non_camel_case_types, reason = "utoipa chooses the name")]
        #[derive(Clone)]
        pub struct $target;
        $crate::__private::document! { $target $inner $access }
    };
    ($target:ident $inner:ident $access:expr) => {
        #[doc(hidden)]
        #[allow(non_camel_case_types, reason = "named after the handler")]
        pub struct $inner;

        impl<'t> $crate::__private::utoipa::__dev::Tags<'t> for $target {
            fn tags() -> ::std::vec::Vec<&'t str> {
                <$inner as $crate::__private::utoipa::__dev::Tags<'t>>::tags()
            }
        }

        impl $crate::__private::utoipa::Path for $target {
            fn methods() -> ::std::vec::Vec<$crate::__private::utoipa::openapi::HttpMethod> {
                <$inner as $crate::__private::utoipa::Path>::methods()
            }

            fn path() -> ::std::string::String {
                <$inner as $crate::__private::utoipa::Path>::path()
            }

            fn operation() -> $crate::__private::utoipa::openapi::path::Operation {
                let operation = <$inner as $crate::__private::utoipa::Path>::operation();
                $crate::__private::documented(operation, &$access)
            }
        }

        impl $crate::__private::utoipa::__dev::SchemaReferences for $target {
            fn schemas(
                schemas: &mut ::std::vec::Vec<(
                    ::std::string::String,
                    $crate::__private::utoipa::openapi::RefOr<
                        $crate::__private::utoipa::openapi::schema::Schema,
                    >,
                )>,
            ) {
                <$inner as $crate::__private::utoipa::__dev::SchemaReferences>::schemas(schemas);
            }
        }
    };
}

/// Fails to compile: without the feature, the operation would be documented without security.
#[cfg(not(feature = "utoipa"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_protected_document {
    ($($operation:tt)*) => {
        ::core::compile_error!(
            "enable the feature `utoipa` of `axum-protected`: it adds the security of this operation to the document"
        );
    };
}
