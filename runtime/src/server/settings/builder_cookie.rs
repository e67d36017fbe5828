//! The settings of the server for tokens in a cookie.

use super::builder::ResourceServerBuilder;

impl ResourceServerBuilder {
    /// Also accepts the access token in the cookie with this name, for pages in a browser that must
    /// not see the token. Default: no cookie is read.
    ///
    /// The name must begin with `__Host-`: a browser then accepts the cookie only with `Secure`,
    /// with `Path=/` and without `Domain`, so that no other host can set it. Set the cookie with
    /// `HttpOnly` and `SameSite` too. The setting needs [`require_https`](Self::require_https), so
    /// that no cookie is taken from an unencrypted connection; loopback counts as encrypted.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    ///
    /// let server = ResourceServer::builder()
    ///     .issuer("https://id.example.com")
    ///     .audience("https://api.example.com")
    ///     .require_https()
    ///     .token_cookie("__Host-token")
    ///     .build()?;
    /// # Ok::<(), axum_protected::ConfigError>(())
    /// ```
    ///
    /// | request | status |
    /// |---|---|
    /// | the cookie, caused by a page of this origin | as with a token in the header |
    /// | the cookie, caused by a page of another origin or without evidence | 403 `cross_site_request` |
    /// | the cookie twice, or the cookie and another credential | 400 |
    ///
    /// Browsers report in `Sec-Fetch-Site` and `Origin` which page caused a request. A route that
    /// shows a page to people declares this with `page`, as in `#[protected(scope = "x", page)]`. A
    /// link on another site may lead to it. Requests with a token in a header are not affected.
    #[must_use]
    pub fn token_cookie(mut self, name: impl Into<String>) -> Self {
        self.token_cookie = Some(name.into());
        self
    }

    /// Adds an origin, other than the own one, whose pages may cause requests with a cookie, for
    /// example `https://app.example.com` for an API at `https://api.example.com`. Call this method
    /// once for each origin.
    ///
    /// The browser must send the origin in `Origin`, as it does for `fetch` with CORS and for
    /// websockets. All scripts on such a page act with the rights of the user.
    #[must_use]
    pub fn token_cookie_origin(mut self, origin: impl Into<String>) -> Self {
        self.token_cookie_origins.push(origin.into());
        self
    }
}
