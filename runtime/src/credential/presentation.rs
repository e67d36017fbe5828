//! The place of a credential in a request.

/// The place of the request at which the caller presented the credential.
/// [`AccessToken::presentation`](crate::AccessToken::presentation) returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Presentation {
    /// A token in the `Authorization` header (RFC 6750 section 2.1), with the scheme `Bearer` or
    /// with a configured [`token_scheme`](crate::ResourceServerBuilder::token_scheme).
    Authorization,
    /// A token in the header that
    /// [`token_header`](crate::ResourceServerBuilder::token_header) names.
    Header,
    /// A token in a subprotocol that a websocket handshake offers.
    WebSocketProtocol,
    /// A text that the application passed to the server, which does not know its place in a
    /// request.
    Text,
}
