//! The requests to the token endpoint of the provider (RFC 6749 sections 4.1.3 and 6).

mod answer;
mod error;
mod exchange;
mod http_exchange;
mod lifetime;
mod tokens;

pub(crate) use self::error::TokenEndpointError;
pub(crate) use self::exchange::{CodeExchange, TokenEndpoint};
pub(crate) use self::tokens::Tokens;
