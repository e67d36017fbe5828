//! The macros that describe a handler to utoipa.

/// Defines the type that describes a handler to utoipa, under the name that utoipa expects. Its
/// operation is the operation that `#[utoipa::path]` generates, with the security of the handler
/// added.
#[cfg(any(feature = "utoipa", feature = "utoipa5"))]
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

        $crate::__private::operation! { $target $inner $access }
    };
}

/// Reports a compile error, because utoipa would document the operation without security.
#[cfg(not(any(feature = "utoipa", feature = "utoipa5")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_protected_document {
    ($($operation:tt)*) => {
        ::core::compile_error!(
            "enable the feature `utoipa` of `axum-protected` for utoipa 6, or the feature `utoipa5` for utoipa 5: it adds the security of this operation to the document"
        );
    };
}

/// Describes a handler to both releases of utoipa. One of them generated the operation, and the
/// bound for the other one is false. The compiler reports a false bound without parameters as an
/// error; the lifetime delays the bound until something needs the implementation.
#[cfg(all(feature = "utoipa", feature = "utoipa5"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_protected_operation {
    ($target:ident $inner:ident $access:expr) => {
        $crate::__private::release! {
            utoipa5 [for<'late> $inner: $crate::__private::utoipa5::DescribedOperation<'late>]
            $target $inner $access
        }
        $crate::__private::release! {
            utoipa6 [for<'late> $inner: $crate::__private::utoipa6::DescribedOperation<'late>]
            $target $inner $access
        }
    };
}

/// Describes a handler to utoipa 5. The error about a false bound names the feature for utoipa 6.
#[cfg(all(feature = "utoipa5", not(feature = "utoipa")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_protected_operation {
    ($target:ident $inner:ident $access:expr) => {
        $crate::__private::release! {
            utoipa5 [$inner: $crate::__private::utoipa5::DescribedOperation<'static>]
            $target $inner $access
        }
    };
}

/// Describes a handler to utoipa 6. The error about a false bound names the feature for utoipa 5.
#[cfg(all(feature = "utoipa", not(feature = "utoipa5")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_protected_operation {
    ($target:ident $inner:ident $access:expr) => {
        $crate::__private::release! {
            utoipa6 [$inner: $crate::__private::utoipa6::DescribedOperation<'static>]
            $target $inner $access
        }
    };
}

/// Implements the traits of one release of utoipa under a bound.
#[cfg(any(feature = "utoipa", feature = "utoipa5"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __axum_protected_release {
    ($release:ident [$($bound:tt)*] $target:ident $inner:ident $access:expr) => {
        impl<'t> $crate::__private::$release::Tags<'t> for $target
        where
            $($bound)*
        {
            fn tags() -> ::std::vec::Vec<&'t str> {
                <<$inner as $crate::__private::$release::DescribedOperation<'static>>::Type as $crate::__private::$release::Tags<'static>>::tags()
            }
        }

        impl $crate::__private::$release::Path for $target
        where
            $($bound)*
        {
            fn methods() -> ::std::vec::Vec<$crate::__private::$release::HttpMethod> {
                <<$inner as $crate::__private::$release::DescribedOperation<'static>>::Type as $crate::__private::$release::Path>::methods()
            }

            fn path() -> ::std::string::String {
                <<$inner as $crate::__private::$release::DescribedOperation<'static>>::Type as $crate::__private::$release::Path>::path()
            }

            fn operation() -> $crate::__private::$release::Operation {
                let operation = <<$inner as $crate::__private::$release::DescribedOperation<'static>>::Type as $crate::__private::$release::Path>::operation();
                $crate::__private::$release::documented(operation, &$access)
            }
        }

        impl $crate::__private::$release::SchemaReferences for $target
        where
            $($bound)*
        {
            fn schemas(
                schemas: &mut ::std::vec::Vec<(
                    ::std::string::String,
                    $crate::__private::$release::RefOr<$crate::__private::$release::Schema>,
                )>,
            ) {
                <<$inner as $crate::__private::$release::DescribedOperation<'static>>::Type as $crate::__private::$release::SchemaReferences>::schemas(schemas);
            }
        }
    };
}
