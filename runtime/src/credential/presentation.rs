//! The place of a credential in a request.

/// The place of the request at which the caller presented the credential.
/// [`AccessToken::presentation`](crate::AccessToken::presentation) returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Presentation {
    /// A token in the `Authorization` header (RFC 6750 section 2.1), with the scheme `Bearer` or
    /// with a configured [`token_scheme`](crate::ResourceServerBuilder::token_scheme).
    Authorization,
    /// A token in the `Authorization` header with the scheme `DPoP` (RFC 9449 section 7.1).
    Dpop,
    /// A token in the header that
    /// [`token_header`](crate::ResourceServerBuilder::token_header) names.
    Header,
    /// A token in a subprotocol that a websocket handshake offers.
    WebSocketProtocol,
    /// A token in the cookie that
    /// [`token_cookie`](crate::ResourceServerBuilder::token_cookie) names.
    Cookie,
    /// The token of a browser's session, whose cookie names the session and contains no token that
    /// the browser could read.
    Session,
    /// An API key, in the place that the server has for API keys.
    ApiKey,
    /// A text that the application passed to the server, which does not know its place in a
    /// request.
    Text,
}

impl Presentation {
    /// Returns true if a browser attaches the credential to requests by itself, also to requests
    /// that pages of other sites cause.
    pub(crate) const fn is_ambient(self) -> bool {
        matches!(self, Self::Cookie | Self::Session)
    }
}
