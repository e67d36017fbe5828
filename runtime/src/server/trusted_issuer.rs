//! The runtime state of a trusted issuer.

use std::sync::Arc;

use crate::algorithm::Algorithm;
use crate::keys::Keys;
#[cfg(feature = "openapi")]
use crate::keys::MetadataSource;
use crate::token::Rules;

/// A trusted issuer, together with the rules for its tokens and its keys.
#[derive(Debug)]
pub(crate) struct TrustedIssuer {
    pub(crate) identifier: String,
    /// True if the server is not ready without keys of this issuer.
    pub(super) required: bool,
    pub(super) algorithms: Vec<Algorithm>,
    pub(crate) rules: Arc<Rules>,
    pub(super) keys: Keys,
    /// The issuer's metadata, from which OpenAPI documents take its OAuth endpoints.
    #[cfg(feature = "openapi")]
    pub(crate) metadata: Option<MetadataSource>,
}
