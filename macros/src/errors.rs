//! Collects every mistake, so that one build shows them all.

use std::fmt::Display;

use proc_macro2::Span;
use quote::ToTokens;

/// The mistakes found so far. The only way to a result is through [`Errors::finish`].
#[derive(Default)]
#[must_use = "mistakes must be reported with `finish`"]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// A mistake at the given tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    /// A mistake at a span.
    pub(crate) fn at_span(&mut self, span: Span, message: impl Display) {
        self.add(syn::Error::new(span, message));
    }

    /// The value of a result; its mistake is collected.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// The value, if nothing was wrong.
    pub(crate) fn finish<T>(self, value: Option<T>) -> syn::Result<T> {
        match (self.0, value) {
            (Some(error), _) => Err(error),
            (None, Some(value)) => Ok(value),
            // Refusing is the safe answer to a mistake of our own.
            (None, None) => Err(syn::Error::new(
                Span::call_site(),
                "a mistake in axum-protected itself: please report this attribute and its item",
            )),
        }
    }

    /// The value, if nothing was wrong, and else another and the mistakes.
    pub(crate) fn finish_or<T>(
        self,
        value: Option<T>,
        instead: impl FnOnce() -> T,
    ) -> (T, Option<syn::Error>) {
        match self.finish(value) {
            Ok(value) => (value, None),
            Err(error) => (instead(), Some(error)),
        }
    }

    fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }
}
