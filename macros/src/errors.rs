//! Collects the mistakes in an attribute and its item, so that one build shows all mistakes.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;

/// The mistakes that a macro has found so far. [`Errors::finish`] and [`Errors::finish_or`] return
/// the mistakes as one error.
#[derive(Default)]
#[must_use = "mistakes must be reported with `finish`"]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds a mistake at the given tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    /// Adds a mistake at a span.
    pub(crate) fn at_span(&mut self, span: Span, message: impl Display) {
        self.add(syn::Error::new(span, message));
    }

    /// Returns the value of a result, or adds the error of the result to the mistakes.
    pub(crate) fn collect<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// Returns the value if the macro has found no mistake, and otherwise all mistakes as one
    /// error.
    pub(crate) fn finish<T>(self, value: Option<T>) -> syn::Result<T> {
        match (self.0, value) {
            (Some(error), _) => Err(error),
            (None, Some(value)) => Ok(value),
            // A missing value without a mistake is a bug in this crate. The error prevents that a
            // handler compiles without its guard.
            (None, None) => Err(syn::Error::new(
                Span::call_site(),
                "internal error in axum-protected: please report this attribute and its item",
            )),
        }
    }

    /// Returns the value if the macro has found no mistake, and otherwise the fallback with all
    /// mistakes as one error.
    pub(crate) fn finish_or<T>(
        self,
        value: Option<T>,
        fallback: impl FnOnce() -> T,
    ) -> (T, Option<syn::Error>) {
        match self.finish(value) {
            Ok(value) => (value, None),
            Err(error) => (fallback(), Some(error)),
        }
    }

    fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }
}
