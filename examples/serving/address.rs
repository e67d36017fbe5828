//! The address on which a program listens, and the origins of that address.

use std::env::{self, VarError};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The address of a program whose variable is not set.
pub const DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

/// Reads the address from an environment variable. The default is `127.0.0.1:3000`.
///
/// # Errors
///
/// Returns an error if the value is not an address.
pub fn from_environment(variable: &str) -> Result<SocketAddr, String> {
    match env::var(variable) {
        Ok(text) => read(variable, &text),
        Err(VarError::NotPresent) => Ok(DEFAULT),
        Err(VarError::NotUnicode(_)) => Err(format!("`{variable}` is not Unicode")),
    }
}

/// Reads the address in the value of a variable.
///
/// # Errors
///
/// Returns an error that names the variable if the value is not an address.
pub fn read(variable: &str, text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("`{variable}` is `{text}`, not an address such as `127.0.0.1:3000`"))
}

/// Returns the two origins (RFC 6454) of the address on this machine: one with the IP address and
/// one with `localhost`.
#[must_use]
pub fn origins(address: SocketAddr) -> [String; 2] {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let port = address.port();
    [format!("http://{}", SocketAddr::new(ip, port)), format!("http://localhost:{port}")]
}
