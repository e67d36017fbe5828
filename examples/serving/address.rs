//! Where to listen.

use std::env::{self, VarError};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

pub(super) fn from_environment(variable: &str) -> Result<SocketAddr, String> {
    let text = match env::var(variable) {
        Ok(text) => text,
        Err(VarError::NotPresent) => return Ok(DEFAULT),
        Err(VarError::NotUnicode(_)) => return Err(format!("`{variable}` is not Unicode")),
    };
    text.parse()
        .map_err(|_| format!("`{variable}` is `{text}`, not an address as `127.0.0.1:3000`"))
}
