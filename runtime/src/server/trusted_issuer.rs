//! An issuer at work.

use std::sync::Arc;

use crate::algorithm::Algorithm;
use crate::keys::Keys;
#[cfg(feature = "openapi")]
use crate::keys::MetadataSource;
use crate::token::Rules;

/// The server's part of an issuer that it trusts.
#[derive(Debug)]
pub(crate) struct TrustedIssuer {
    pub(crate) identifier: String,
    pub(super) algorithms: Vec<Algorithm>,
    pub(crate) rules: Arc<Rules>,
    pub(super) keys: Keys,
    /// Where documents can learn how to get its tokens.
    #[cfg(feature = "openapi")]
    pub(crate) metadata: Option<MetadataSource>,
}
