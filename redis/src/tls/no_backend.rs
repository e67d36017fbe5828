//! Connections without TLS.

use tokio::net::TcpStream;

use super::TlsFiles;
use crate::failure::Failure;

/// Configuration of TLS connections, which does not exist without a TLS feature.
#[derive(Clone)]
pub(crate) enum Tls {}

impl Tls {
    pub(crate) fn new(_: &TlsFiles<'_>) -> Result<Self, Vec<String>> {
        Err(vec![
            "`rediss` needs one of the features `tls_aws_lc` and `tls_ring` of axum-protected-redis"
                .to_owned(),
        ])
    }

    #[allow(clippy::unused_async, reason = "the backend with TLS waits")]
    pub(crate) async fn connect(&self, _: &str, _: TcpStream) -> Result<TcpStream, Failure> {
        match *self {}
    }
}
