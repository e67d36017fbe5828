//! Serves Swagger UI for the OpenAPI document.

use axum::Router;
use utoipa_swagger_ui::{Config, SwaggerUi, oauth};

use super::issuer::CLIENT_ID;

/// The path of the Swagger UI page.
pub(crate) const PATH: &str = "/docs";

/// The path of the OpenAPI document, which the router of the API serves.
pub(crate) const DOCUMENT: &str = "/api-docs/openapi.json";

/// Returns the routes of Swagger UI. The *Authorize* button of the page uses the issuer that the
/// OpenAPI document names. The executable contains all files of the page, and the page calls no
/// external validator.
pub(crate) fn page() -> Router {
    let client =
        oauth::Config::new().client_id(CLIENT_ID).use_pkce_with_authorization_code_grant(true);
    let config = Config::new([DOCUMENT]).validator_url("none");
    SwaggerUi::new(PATH).config(config).oauth(client).into()
}
