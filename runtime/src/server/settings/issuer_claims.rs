//! The settings of an issuer that name the claims of its tokens. They override the names that the
//! issuer's [`Provider`](crate::Provider) has.

use super::claim_paths::ClaimPaths;
use super::issuer::Issuer;

impl Issuer {
    /// Sets the claim that is used instead of `aud` in tokens without `aud`. If a token has an
    /// `aud`, this setting has no effect on it. The claim must not be `iss`, `sub`, `sid` or `jti`.
    #[must_use]
    pub fn audience_claim(mut self, name: impl Into<String>) -> Self {
        self.audience_claim = Some(name.into());
        self
    }

    /// Sets the path of the claim that contains the scopes, instead of `scope` and `scp`. If this
    /// method is called several times, the scopes of all these claims count.
    ///
    /// ```
    /// use axum_protected::Issuer;
    ///
    /// let issuer = Issuer::new("https://id.example.com").scopes_claim(["app", "permissions"]);
    /// ```
    #[must_use]
    pub fn scopes_claim<N: Into<String>>(mut self, path: impl IntoIterator<Item = N>) -> Self {
        add_path(&mut self.scopes_claim, path);
        self
    }

    /// Sets the path of the claim that contains the roles: an array of strings, one string, or an
    /// object whose member names are the roles. The element `{audience}` of a path stands for each
    /// configured audience that the token has. If this method is called several times, the roles of
    /// all these claims count.
    #[must_use]
    pub fn roles_claim<N: Into<String>>(mut self, path: impl IntoIterator<Item = N>) -> Self {
        add_path(&mut self.roles_claim, path);
        self
    }

    /// Sets the claim that contains the OAuth client. If this method is called several times, the
    /// first claim that is a string counts.
    #[must_use]
    pub fn client_claim(mut self, name: impl Into<String>) -> Self {
        self.client_claim.get_or_insert_default().push(name.into());
        self
    }

    /// Sets the claim that contains the organisation or tenant.
    #[must_use]
    pub fn tenant_claim(mut self, name: impl Into<String>) -> Self {
        self.tenant_claim = Some(name.into());
        self
    }

    /// Sets a claim and its value that every access token of this issuer has, and other tokens of
    /// the issuer do not have. A token without this claim and value is refused.
    ///
    /// ```
    /// use axum_protected::Issuer;
    ///
    /// let issuer = Issuer::new("https://id.example.com").kind_claim("token_use", "access");
    /// ```
    #[must_use]
    pub fn kind_claim(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.kind_claim = Some((name.into(), value.into()));
        self
    }

    /// Accepts access tokens with the claim `at_hash`. For other issuers, `at_hash` shows that a
    /// token is an ID token (OpenID Connect Core section 3.1.3.6), and such a token is refused.
    #[must_use]
    pub fn access_tokens_have_at_hash(mut self) -> Self {
        self.access_tokens_have_at_hash = Some(true);
        self
    }
}

fn add_path<N: Into<String>>(paths: &mut Option<ClaimPaths>, path: impl IntoIterator<Item = N>) {
    let path = path.into_iter().map(Into::into).collect();
    match paths {
        Some(ClaimPaths(paths)) => paths.push(path),
        None => *paths = Some(ClaimPaths(vec![path])),
    }
}
