//! What the attributes write besides the public names. Not for use by hand.

pub use axum_core::extract::FromRequestParts;
pub use http::request::Parts;

pub use crate::check::extract;
pub use crate::extract::guard::Named;
pub use crate::policy::in_const::agreement::agrees;
pub use crate::policy::in_const::exclusion::possible;
pub use crate::policy::in_const::implication::{Connective, Other, needed};
pub use crate::policy::in_const::proof::proves;
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

/// Beside each handler: the only item of its name, unless `#[debug_handler]` was there first.
#[derive(Debug)]
#[allow(clippy::exhaustive_structs, reason = "written by the attributes")]
pub struct Alone;

/// Holds for [`Alone`] only, and says what to do otherwise.
#[diagnostic::on_unimplemented(
    message = "`#[debug_handler]` is above: write it below `#[protected]` or `#[public]`, where it sees the guard",
    label = "this attribute goes first"
)]
pub trait NothingAbove {}

impl NothingAbove for Alone {}

/// Compiles where nothing stands above the attribute that needs to see the guard.
pub const fn nothing_above<T: NothingAbove>(_: &T) {}

/// Compiles for a declared scope, and says what to do otherwise.
pub const fn declared<T: Scopes>(scope: &T) -> &T {
    scope
}

/// Gives every type the method that `#[derive(Scopes)]` writes for an enum. Constants cannot call
/// it, and there the enum's own method goes first. It leaves [`declared`] alone to speak of a type
/// that has none.
pub trait Undeclared {
    /// A scope that no token has.
    fn __entry(&self) -> ScopeEntry {
        ScopeEntry::new("", "", &[])
    }
}

impl<T: ?Sized> Undeclared for T {}

/// Beside each handler that utoipa does not describe: the only item of its name, unless
/// `#[utoipa::path]` was there first, or is there by another name.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "a name, never a value")]
pub enum Undocumented {}

/// Holds for [`Undocumented`] only, and says what to do otherwise.
#[diagnostic::on_unimplemented(
    message = "the operation would not say who may call it: write `#[utoipa::path(...)]`, by this name, below `#[protected]` or `#[public]`",
    label = "this attribute goes above `#[utoipa::path]`"
)]
pub trait NotDocumentedAbove {}

impl NotDocumentedAbove for Undocumented {}

/// Compiles where `#[utoipa::path]` does not stand above.
pub const fn not_documented_above<T: NotDocumentedAbove>() {}

/// The operation of a handler that utoipa describes, under the name by which utoipa would have it:
/// with what the access of the handler adds.
#[cfg(feature = "utoipa")]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_protected_document {
    (new $target:ident $inner:ident $access:expr) => {
        #[doc(hidden)]
        #[allow(non_camel_case_types, reason = "the name that utoipa gives")]
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

/// The document would not say who may call the operation.
#[cfg(not(feature = "utoipa"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_protected_document {
    ($($operation:tt)*) => {
        ::core::compile_error!(
            "enable the feature `utoipa` of `axum-protected`: it writes into this operation who may call it"
        );
    };
}
