//! The metadata document of a protected resource (RFC 9728), with which a client finds the
//! authorization server and the scopes of an API.

mod document;
mod response;
mod routes;

use std::fmt;

use self::document::{Document, Possession};
use crate::dpop::DpopJudge;
use crate::granted_scopes::is_scope_token;
use crate::policy::Scopes;
use crate::resource_identifier::ResourceIdentifier;
use crate::router::AccessTable;
use crate::server::ResourceServer;

/// The scope that asks for a refresh token. It grants nothing at an API, so the document never
/// lists it (OpenID Connect Core section 11).
const OFFLINE_ACCESS: &str = "offline_access";

/// The metadata of the resource that a server protects.
/// [`ResourceServer::resource_metadata`](crate::ResourceServer::resource_metadata) creates it.
///
/// ```
/// use axum::Router;
/// use axum_protected::router::RouterError;
/// use axum_protected::routing::get;
/// use axum_protected::{ProtectedRouter, ResourceServer, Scopes, protected};
///
/// #[derive(Scopes)]
/// enum Scope {
///     /// See items
///     #[scope("items:read")]
///     ItemsRead,
/// }
///
/// #[protected(scope = Scope::ItemsRead)]
/// async fn list() {}
///
/// fn app(server: ResourceServer) -> Result<Router, RouterError> {
///     let metadata = server.resource_metadata().scopes::<Scope>().name("Items").routes();
///     ProtectedRouter::new().route("/items", get(list)).merge(metadata).with_state(server).into_router()
/// }
/// # let server = ResourceServer::builder()
/// #     .issuer("https://id.example.com").resource("https://api.example.com").build()?;
/// # app(server)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The document has these members, and no member without a value:
///
/// | member | value |
/// |---|---|
/// | `resource` | the configured [`resource`](crate::ResourceServerBuilder::resource), unchanged |
/// | `authorization_servers` | the trusted issuers whose identifier is a URL and whose keys are fetched |
/// | `scopes_supported` | the scopes of [`scopes`](Self::scopes) and [`scopes_of`](Self::scopes_of) |
/// | `bearer_methods_supported` | `["header"]`, if the API accepts `Authorization: Bearer` |
/// | `dpop_signing_alg_values_supported` | the accepted algorithms of DPoP proofs |
/// | `dpop_bound_access_tokens_required` | `true` if the API refuses tokens without a DPoP proof |
/// | `tls_client_certificate_bound_access_tokens` | `true` if the API refuses tokens that are not bound to a client certificate |
/// | `authorization_details_types_supported` | the types of [`authorization_details_types_of`](Self::authorization_details_types_of) and [`authorization_details_type`](Self::authorization_details_type) |
/// | `resource_name` | the names of [`name`](Self::name) and [`name_in`](Self::name_in) |
/// | `resource_documentation`, `resource_policy_uri`, `resource_tos_uri` | the addresses of pages |
///
/// An issuer with configured keys is left out of `authorization_servers`, because clients cannot
/// find its endpoints. The document is not signed: it has no `signed_metadata`.
#[derive(Clone)]
#[must_use = "the metadata is published by its `routes`"]
pub struct ResourceMetadata {
    identifier: Option<ResourceIdentifier>,
    document: Document,
    has_root_form: bool,
}

impl ResourceServer {
    /// Returns the metadata of this server's [`resource`](crate::ResourceServerBuilder::resource),
    /// for the routes that publish it.
    pub fn resource_metadata(&self) -> ResourceMetadata {
        let location = self.location();
        let possession = Possession {
            dpop_algorithms: self.dpop().map_or_else(Vec::new, |dpop| dpop.algorithms().to_vec()),
            requires_dpop: self.dpop().is_some_and(DpopJudge::is_required),
            requires_certificates: self.configuration().certificate_bound_tokens_required,
        };
        let accepts_bearer = self.token_location().is_default() && !possession.requires_dpop;
        ResourceMetadata {
            identifier: location.resource.clone(),
            document: Document::new(&location.authorization_servers, accepts_bearer, possession),
            has_root_form: true,
        }
    }
}

impl ResourceMetadata {
    /// Adds all scopes of a vocabulary to `scopes_supported`, except `offline_access`.
    pub fn scopes<T: Scopes>(mut self) -> Self {
        self.add_scopes(T::ALL.iter().map(|entry| entry.name));
        self
    }

    /// Adds all scopes that the routes of a table demand to `scopes_supported`, except
    /// `offline_access`.
    ///
    /// ```
    /// # use axum_protected::{ProtectedRouter, ResourceServer};
    /// # fn example(server: &ResourceServer, routes: ProtectedRouter<ResourceServer>) {
    /// let metadata = server.resource_metadata().scopes_of(routes.access_table()).routes();
    /// let routes = routes.merge(metadata);
    /// # }
    /// ```
    pub fn scopes_of(mut self, table: &AccessTable) -> Self {
        self.add_scopes(table.scopes().into_iter());
        self
    }

    /// Adds all types of authorization details that the routes of a table demand to
    /// `authorization_details_types_supported` (RFC 9396).
    pub fn authorization_details_types_of(mut self, table: &AccessTable) -> Self {
        for kind in table.details_types() {
            self.document.add_details_type(kind.to_owned());
        }
        self
    }

    /// Adds a type of authorization details to `authorization_details_types_supported`, for a
    /// handler that reads such details without a demand of its policy.
    pub fn authorization_details_type(mut self, kind: impl Into<String>) -> Self {
        self.document.add_details_type(kind.into());
        self
    }

    /// Sets the name of the API for people (`resource_name`).
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.document.set("resource_name", name);
        self
    }

    /// Sets the name of the API in a language, given as a tag of BCP 47 such as `de` or `pt-BR`
    /// (RFC 9728 section 2.1).
    pub fn name_in(mut self, language: &str, name: impl Into<String>) -> Self {
        self.document.set_in("resource_name", language, name);
        self
    }

    /// Sets the address of the documentation for developers (`resource_documentation`).
    pub fn documentation(mut self, url: impl Into<String>) -> Self {
        self.document.set_page("resource_documentation", url);
        self
    }

    /// Sets the address of the page about the use of data (`resource_policy_uri`).
    pub fn policy_uri(mut self, url: impl Into<String>) -> Self {
        self.document.set_page("resource_policy_uri", url);
        self
    }

    /// Sets the address of the terms of service (`resource_tos_uri`).
    pub fn tos_uri(mut self, url: impl Into<String>) -> Self {
        self.document.set_page("resource_tos_uri", url);
        self
    }

    /// Publishes the document only under the path of the resource. Without this setting, the
    /// document is also published at `/.well-known/oauth-protected-resource`, where some clients
    /// look next. Only one resource of a host can have that address, so use this setting for the
    /// others.
    pub fn path_form_only(mut self) -> Self {
        self.has_root_form = false;
        self
    }

    fn add_scopes(&mut self, scopes: impl Iterator<Item = &'static str>) {
        for scope in scopes.filter(|scope| *scope != OFFLINE_ACCESS && is_scope_token(scope)) {
            self.document.add_scope(scope);
        }
    }
}

impl fmt::Debug for ResourceMetadata {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResourceMetadata")
            .field("resource", &self.identifier)
            .finish_non_exhaustive()
    }
}
