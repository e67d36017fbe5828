//! A handler: a function and its `#[utoipa::path]`.

use proc_macro2::TokenStream;

use crate::attribute_kind::Attr;
use crate::function::Function;
use crate::utoipa_path::UtoipaPath;

/// A function under `#[protected]` or `#[public]`.
pub(crate) struct Handler {
    pub(crate) function: Function,
    /// The `#[utoipa::path]` attribute, which describes the handler in OpenAPI.
    pub(crate) utoipa_path: Option<UtoipaPath>,
}

impl Handler {
    /// Reads the function under the attribute `attr`.
    pub(crate) fn parse(item: TokenStream, attr: Attr) -> syn::Result<Self> {
        let mut function = Function::parse(item, attr)?;
        let utoipa_path = UtoipaPath::take_over(&mut function);
        Ok(Self { function, utoipa_path })
    }
}
