//! The document of the API, and the page that shows it.

use axum::Router;
use axum_protected::testing::AuthorizationServer;
use utoipa::openapi::security::{AuthorizationCode, Flow, OAuth2, Scopes, SecurityScheme};
use utoipa::openapi::{Info, OpenApi};
use utoipa_swagger_ui::{Config, SwaggerUi, oauth};

use super::issuer::CLIENT_ID;
use super::items;

/// Where the page is.
pub(crate) const PATH: &str = "/docs";

const DOCUMENT: &str = "/api-docs/openapi.json";

/// Swagger UI, whose *Authorize* button asks this issuer. Everything that it needs is in the
/// executable, and it asks nobody else whether the document is valid.
pub(crate) fn page(described: OpenApi, issuer: &AuthorizationServer) -> Router {
    let client = oauth::Config::new()
        .client_id(CLIENT_ID)
        .use_pkce_with_authorization_code_grant(true);
    let config = Config::new([DOCUMENT]).validator_url("none");
    SwaggerUi::new(PATH)
        .config(config)
        .oauth(client)
        .url(DOCUMENT, document(described, issuer))
        .into()
}

fn document(mut described: OpenApi, issuer: &AuthorizationServer) -> OpenApi {
    described.info = Info::new("Items", env!("CARGO_PKG_VERSION"));
    let flow = AuthorizationCode::new(
        issuer.authorization_endpoint(),
        issuer.token_endpoint(),
        Scopes::from_iter(items::SCOPES),
    );
    let scheme = SecurityScheme::OAuth2(OAuth2::new([Flow::AuthorizationCode(flow)]));
    let components = described.components.get_or_insert_default();
    components.add_security_scheme("oauth2", scheme);
    described
}
