//! The profiles that the whole configuration of a server must satisfy.

use super::builder::ResourceServerBuilder;

impl ResourceServerBuilder {
    /// Requires strict RFC 9068 tokens from all issuers that have no setting of their own. The header
    /// must have the `typ` `at+jwt`, and the token must have the claims of RFC 9068 section 2.2.
    ///
    /// [`build`](Self::build) returns an error for a setting with which the profile cannot hold: an
    /// `audience_claim`, and introspection of tokens that are not verified as JWTs.
    #[must_use]
    pub fn rfc9068(mut self) -> Self {
        self.rfc9068 = true;
        self
    }

    /// Requires the FAPI 2.0 Security Profile (section 5.3.4 and the sections that it refers to) of
    /// this server. [`build`](Self::build) lists everything in the configuration that keeps the
    /// profile from holding:
    ///
    /// | rule | section | satisfied by |
    /// |---|---|---|
    /// | every token is bound to a key, and its proof is verified | 5.3.4 | [`dpop`](Self::dpop), [`client_certificate_header`](Self::client_certificate_header), or [`certificate_bound_tokens_required`](Self::certificate_bound_tokens_required) if this program terminates TLS |
    /// | the revocation status of every token is verified | 5.3.4 | introspection of every token of each issuer, or [`revocations_fed_by_application`](Self::revocations_fed_by_application) |
    /// | tokens are in the header `Authorization`, and nothing else grants access | 5.3.4 | no `token_header`, `token_scheme`, `token_cookie`, `websocket_protocol_token` or `api_keys` |
    /// | PS256, ES256 and EdDSA with Ed25519 | 5.4.1 | the default of this profile for tokens and proofs |
    /// | RSA keys have 2048 bits or more | 5.4.1 | every configuration |
    /// | a leeway of at most 60 s | 5.3.2.1 | the default |
    /// | TLS | 5.2.1 | [`require_https`](Self::require_https), which this profile switches on, and no `insecure_http` |
    ///
    /// The profile does not configure the TLS versions and cipher suites of the program or its proxy.
    ///
    #[cfg_attr(feature = "dpop", doc = "```")]
    #[cfg_attr(not(feature = "dpop"), doc = "```no_run")]
    /// use axum_protected::dpop::Dpop;
    /// use axum_protected::{Issuer, ResourceServer};
    ///
    /// let server = ResourceServer::builder()
    ///     .issuer("https://id.example.com")
    ///     .resource("https://api.example.com")
    ///     .dpop(Dpop::new())
    ///     .revocations_fed_by_application()
    ///     .fapi2()
    ///     .build()?;
    ///
    /// let lax = Issuer::new("https://id.example.com").shared_secret("a secret of 32 bytes, or more ..");
    /// let error = ResourceServer::builder().issuer(lax).audience("api").fapi2().build();
    /// let problems = error.err().ok_or("the configuration is valid")?.to_string();
    /// assert!(problems.contains("no proof of possession"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fapi2(mut self) -> Self {
        self.fapi2 = true;
        self
    }

    /// States that the application itself adds every revoked token to the server's
    /// [`Revocations`](crate::revocation::Revocations), for example from events of the issuer. The
    /// server cannot see this. The statement satisfies the rule of [`fapi2`](Self::fapi2) about the
    /// revocation status, and has no other effect.
    #[must_use]
    pub fn revocations_fed_by_application(mut self) -> Self {
        self.revocations_fed_by_application = true;
        self
    }
}
