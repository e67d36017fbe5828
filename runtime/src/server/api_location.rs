//! The location of the API, as clients see it.

use super::ResourceServer;
use crate::resource_identifier::ResourceIdentifier;

/// The location of the API, and the authorization servers that issue tokens for it.
#[derive(Debug, Clone)]
pub(crate) struct ApiLocation {
    pub(crate) resource: Option<ResourceIdentifier>,
    pub(super) public_url: Option<String>,
    /// The identifiers of the issuers that have metadata, in the order of the configuration. Some
    /// clients use only the first.
    #[cfg_attr(not(feature = "router"), expect(dead_code, reason = "for the metadata document"))]
    pub(crate) authorization_servers: Vec<String>,
}

impl ResourceServer {
    /// Returns the identifier of this API as a protected resource, as configured with
    /// [`resource`](crate::ResourceServerBuilder::resource).
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        self.location().resource.as_ref().map(ResourceIdentifier::as_str)
    }

    /// Returns the URL under which clients reach this API, as configured with
    /// [`public_url`](crate::ResourceServerBuilder::public_url), or else the identifier of the
    /// resource.
    #[must_use]
    pub fn public_url(&self) -> Option<&str> {
        self.location().public_url.as_deref()
    }

    pub(crate) fn location(&self) -> &ApiLocation {
        &self.inner().location
    }
}
