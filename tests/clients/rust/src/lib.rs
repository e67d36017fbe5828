//! The parts that the clients have in common: the user's browser, the API under test, the report.

mod api;
mod browser;
mod http;
mod report;

pub use self::api::{accepted, refused};
pub use self::browser::sign_in;
pub use self::http::send;
pub use self::report::{Outcome, check, report};

/// The secret of the client `service`.
pub const SECRET: &str = "a secret: 100%";

/// The redirect URI of the public client. The client has registered no port, and may
/// use any.
pub const PROGRAM_CALLBACK: &str = "http://127.0.0.1:49152/callback";

/// The redirect URI of the confidential client.
pub const SERVICE_CALLBACK: &str = "http://127.0.0.1:3000/callback";

/// The arguments of a client.
pub struct Addresses {
    pub issuer: String,
    pub api: String,
}

impl Addresses {
    /// Reads the command line `PROGRAM ISSUER API`.
    pub fn from_args() -> Result<Self, Box<dyn std::error::Error>> {
        let mut args = std::env::args().skip(1);
        match (args.next(), args.next()) {
            (Some(issuer), Some(api)) => Ok(Self { issuer, api }),
            _ => Err("usage: PROGRAM ISSUER API".into()),
        }
    }
}
