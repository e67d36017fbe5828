//! The word `page`, which declares that a handler or a policy shows a page.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::errors::Errors;
use crate::list::{Entry, Form};

pub(crate) const KEY: &str = "page";

/// A flag that is true if the attribute contains `page`. As tokens it is the call that declares the
/// page, after an operation.
#[derive(Clone, Copy, Default)]
pub(crate) struct Page(bool);

impl Page {
    /// Finds the word among the entries of an attribute. Reports a word with a value.
    pub(crate) fn find(entries: &[Entry], errors: &mut Errors) -> Self {
        let mut page = Self::default();
        for entry in entries.iter().filter(|entry| entry.key == KEY) {
            page = Self(true);
            if !matches!(entry.form, Form::Bare) {
                errors.at(
                    entry,
                    "`page` takes no value: write `page` alone, with a comma before the next entry",
                );
            }
        }
        page
    }
}

impl ToTokens for Page {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if self.0 {
            tokens.extend(quote!(.page()));
        }
    }
}
