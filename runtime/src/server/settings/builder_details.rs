//! The setting of the server about authorization details (RFC 9396).

use super::builder::ResourceServerBuilder;

impl ResourceServerBuilder {
    /// Refuses a token with the claim `authorization_details` where no policy of the request demands
    /// details: with the status 403 and the code `undemanded_details`. Without this setting, such an
    /// operation ignores the details, and grants the request if the scopes suffice.
    ///
    /// Details that name other locations count too. A token with an empty array has no
    /// details.
    ///
    /// The policies of a request are that of the handler, and those of the guards in front of it. A
    /// guard that runs before the handler knows the policy of the handler if it was added with
    /// [`ProtectedRouter::guard`](crate::ProtectedRouter::guard). Another
    /// [`ProtectedLayer`](crate::ProtectedLayer) refuses the token unless its own policy, or a policy
    /// before it, demands details. The extractor [`AccessToken`](crate::AccessToken) on a handler
    /// without an attribute refuses nothing, because the handler reads the details by itself.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    ///
    /// let builder = ResourceServer::builder().refuse_undemanded_details();
    /// ```
    #[must_use]
    pub fn refuse_undemanded_details(mut self) -> Self {
        self.refuse_undemanded_details = true;
        self
    }
}
