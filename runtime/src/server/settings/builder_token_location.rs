//! The settings of the server that say where requests present their access token.

use super::builder::ResourceServerBuilder;

impl ResourceServerBuilder {
    /// Sets the scheme of `Authorization` with which requests present their token, instead of
    /// `Bearer`: `Authorization: Token <token>` with `token_scheme("Token")`.
    ///
    /// The setting is exclusive: a token with the scheme `Bearer` is then refused with 401. The
    /// challenges name the configured scheme. Schemes are compared without regard to case (RFC 9110
    /// section 11.1). Schemes whose credentials are not a token, such as `Basic` and `DPoP`, are an
    /// error of [`build`](Self::build).
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    ///
    /// let builder = ResourceServer::builder().token_scheme("Token");
    /// ```
    #[must_use]
    pub fn token_scheme(mut self, scheme: impl Into<String>) -> Self {
        self.token_scheme = Some(scheme.into());
        self
    }

    /// Sets the header whose whole value is the token, instead of `Authorization: Bearer <token>`.
    /// Some proxies pass a token on in such a header: `Cf-Access-Jwt-Assertion`,
    /// `X-Forwarded-Access-Token`.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    ///
    /// let builder = ResourceServer::builder().token_header("Cf-Access-Jwt-Assertion");
    /// ```
    ///
    /// The setting is exclusive:
    ///
    /// | request | status |
    /// |---|---|
    /// | the header, without `Authorization` | as usual |
    /// | the header twice, or the header and `Authorization` | 400, because these are two credentials |
    /// | `Authorization` alone | 401 |
    ///
    /// The server does not trust the header because a proxy sets it: the token proves itself, so it
    /// does not matter who sent it. The challenges keep the scheme `Bearer`. Headers that have a
    /// meaning of their own, such as `Authorization`, `Cookie` and `Host`, are an error of
    /// [`build`](Self::build). If you log headers, leave out this one.
    #[must_use]
    pub fn token_header(mut self, name: impl Into<String>) -> Self {
        self.token_header = Some(name.into());
        self
    }

    /// Also accepts the token of a websocket handshake in `Sec-WebSocket-Protocol`. This header is
    /// the only header of a handshake that a page in a browser can set. The page opens the
    /// websocket with `new WebSocket(url, ["chat", "bearer." + token])`.
    ///
    /// This setting applies only to requests that open a websocket (RFC 6455 section 4.1, RFC 8441
    /// section 5). A request with two `bearer.` entries, or with a `bearer.` entry and another
    /// credential, is refused with 400. The response must select the other protocol, as in
    /// `ws.protocols(["chat"])`, never the `bearer.` entry. If you log headers, leave out
    /// `Sec-WebSocket-Protocol`, because it contains the token.
    #[must_use]
    pub fn websocket_protocol_token(mut self) -> Self {
        self.websocket_protocol_token = true;
        self
    }
}
