//! A handler: a function, and what utoipa says of it.

use proc_macro2::TokenStream;

use crate::attribute::Attr;
use crate::function::Function;
use crate::utoipa_path::Documented;

/// A function that answers requests.
pub(crate) struct Handler {
    pub(crate) function: Function,
    /// The operation by which utoipa describes it.
    pub(crate) documented: Option<Documented>,
}

impl Handler {
    /// Reads the item under the attribute.
    pub(crate) fn parse(item: TokenStream, attr: Attr) -> syn::Result<Self> {
        let mut function = Function::parse(item, attr)?;
        let documented = Documented::take_over(&mut function);
        Ok(Self { function, documented })
    }
}
