//! A server for another resource of the same API.

use std::sync::Arc;

use super::ResourceServer;
use super::api_location::ApiLocation;
use super::inner::Inner;
use super::validation::ok_or_report;
use super::validation::resource::resource_identifier;
use crate::error::ConfigError;
use crate::resource_identifier::ResourceIdentifier;

impl ResourceServer {
    /// Returns a server for another resource of this API. Challenges of the returned server contain
    /// the address of its own metadata document. It shares the keys, the cache of verified tokens,
    /// the revocations and all other settings of this server, including the accepted audiences.
    ///
    /// A strict client uses the metadata document only if its `resource` is the URL that the client
    /// requested (RFC 9728 section 3.3). An API with several such URLs needs a resource for each of
    /// them. Nest the routes of the resource with the returned server as their state:
    ///
    /// ```
    /// use axum::Router;
    /// use axum_protected::{ConfigError, ResourceServer};
    ///
    /// fn app(
    ///     server: ResourceServer,
    ///     api: Router<ResourceServer>,
    ///     mcp: Router<ResourceServer>,
    /// ) -> Result<Router, ConfigError> {
    ///     let mcp_server = server.for_resource("https://api.example.com/mcp")?;
    ///     Ok(Router::new()
    ///         .nest("/api", api.with_state(server))
    ///         .nest("/mcp", mcp.with_state(mcp_server)))
    /// }
    /// ```
    ///
    /// The identifier does not become an audience. Add it with
    /// [`audience`](crate::ResourceServerBuilder::audience) if the authorization server writes the
    /// requested resource into `aud`.
    ///
    /// # Errors
    ///
    /// Returns an error if the identifier is not an https URL in its normal form without a
    /// fragment. Http on loopback is permitted.
    pub fn for_resource(&self, identifier: &str) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let resource = ok_or_report(resource_identifier(identifier), &mut problems);
        ConfigError::unless_empty(problems)?;
        let inner = self.inner();
        let metadata_url = resource.as_ref().map(ResourceIdentifier::metadata_url);
        Ok(Self(Arc::new(Inner {
            refusals: Arc::new(inner.refusals.with_resource_metadata(metadata_url)),
            location: ApiLocation { resource, ..inner.location.clone() },
            ..inner.clone()
        })))
    }
}
