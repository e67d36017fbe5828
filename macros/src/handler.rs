//! A handler: a function and its `#[utoipa::path]`.

use proc_macro2::TokenStream;

use crate::attribute_kind::Attr;
use crate::function::Function;
use crate::utoipa_path::UtoipaPath;

/// A function that answers requests.
pub(crate) struct Handler {
    pub(crate) function: Function,
    /// The attribute that describes it in OpenAPI.
    pub(crate) utoipa_path: Option<UtoipaPath>,
}

impl Handler {
    /// Reads the item under the attribute.
    pub(crate) fn parse(item: TokenStream, attr: Attr) -> syn::Result<Self> {
        let mut function = Function::parse(item, attr)?;
        let utoipa_path = UtoipaPath::take_over(&mut function);
        Ok(Self { function, utoipa_path })
    }
}
