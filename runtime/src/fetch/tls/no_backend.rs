//! The HTTP client without TLS. It sends requests to http URLs only.

use reqwest::ClientBuilder;

use super::super::roots::Roots;

const UNAVAILABLE: &str =
    "https needs one of the features `tls_aws_lc`, `tls_ring` and `tls_native` of axum-protected";

#[derive(Debug, Clone)]
pub(in crate::fetch) struct Tls;

impl Tls {
    pub(in crate::fetch) fn new(roots: &Roots) -> Result<Self, String> {
        if roots.is_none() { Ok(Self) } else { Err(UNAVAILABLE.to_owned()) }
    }
}

pub(in crate::fetch) fn apply(_: Tls, builder: ClientBuilder) -> ClientBuilder {
    builder
}

pub(in crate::fetch) fn read_pem(_: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    Err(format!("cannot be used: {UNAVAILABLE}"))
}
