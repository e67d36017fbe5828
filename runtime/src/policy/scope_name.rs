//! The name of a scope as a constant.

use std::fmt;

use super::demand::Demand;

/// The name of a scope, for constants that attributes and other code share.
///
/// ```
/// use axum_protected::{AccessToken, ScopeName, protected};
///
/// const ITEMS_READ: ScopeName = ScopeName::new("items:read");
///
/// #[protected(scope = ITEMS_READ)]
/// async fn list(caller: AccessToken) -> String {
///     assert!(caller.has_scope(ITEMS_READ.as_str()));
///     format!("granted by {ITEMS_READ}")
/// }
/// ```
///
/// `scope = ITEMS_READ` is the same requirement as `scope = "items:read"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeName(&'static str);

impl ScopeName {
    /// Creates the name of a scope. Write the call in a constant: a text that is not a
    /// `scope-token` (RFC 6749 section 3.3) is then a compile error.
    ///
    /// ```compile_fail
    /// # use axum_protected::ScopeName;
    /// const BOTH: ScopeName = ScopeName::new("items:read items:write");
    /// ```
    ///
    /// # Panics
    ///
    /// Panics outside of a constant if the text is not a `scope-token`. The text is `'static`, so
    /// that it is a text of the program and not of a request.
    #[must_use]
    #[track_caller]
    pub const fn new(name: &'static str) -> Self {
        assert!(!name.is_empty(), "the scope is empty: write its name, as in `items:read`");
        let mut rest = name.as_bytes();
        while let [byte, others @ ..] = rest {
            assert!(
                *byte != b' ',
                "a scope cannot contain a space: write a constant for each scope"
            );
            assert!(
                matches!(*byte, b'\x21' | b'\x23'..=b'\x5B' | b'\x5D'..=b'\x7E'),
                "a scope cannot contain this character: write visible ASCII other than `\"` and `\\`, as in `items:read`"
            );
            rest = others;
        }
        Self(name)
    }

    /// Returns the name as a string.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.0
    }

    /// Returns the demand for this scope. The code that the attributes generate calls this
    /// function, because constants cannot call a trait method.
    #[doc(hidden)]
    #[must_use]
    pub const fn __scope_demand(&self) -> Demand {
        Demand::Scope(self.0)
    }
}

/// Writes the name of the scope.
impl fmt::Display for ScopeName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}
