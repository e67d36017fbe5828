//! The security scheme of API keys.

use std::collections::BTreeMap;

use super::scheme::{Kind, Scheme};
use crate::credential::KeyPlace;

/// The place of API keys, from which their scheme is created.
#[derive(Debug, Clone)]
pub(super) struct ApiKeyScheme(pub(super) KeyPlace);

impl ApiKeyScheme {
    pub(super) fn scheme(&self) -> Scheme<'_> {
        let (kind, description) = match &self.0 {
            KeyPlace::Header(name) => {
                (Kind::Header(name.as_str()), format!("API keys in the header `{name}`"))
            }
            KeyPlace::Scheme(scheme) => {
                (Kind::NamedScheme(scheme), format!("API keys in `Authorization: {scheme} <key>`"))
            }
            KeyPlace::Bearer(prefix) => {
                let text = format!("API keys in `Authorization: Bearer {prefix}_...`");
                (Kind::NamedScheme("bearer"), text)
            }
        };
        Scheme { description, kind, scopes: BTreeMap::new() }
    }
}
