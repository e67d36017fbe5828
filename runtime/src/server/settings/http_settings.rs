//! Settings of the HTTP client of a server, which a file cannot contain.

use std::sync::Arc;

use crate::fetch::Fetch;

#[derive(Debug, Clone, Default)]
pub(in crate::server) struct HttpSettings {
    pub(in crate::server) fetch: Option<Arc<dyn Fetch>>,
    /// PEM texts.
    pub(in crate::server) root_certificates: Vec<Vec<u8>>,
    pub(in crate::server) distrust_system_roots: bool,
}
