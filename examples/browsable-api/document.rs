//! Swagger UI for the OpenAPI document.

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi, oauth};

use super::issuer::CLIENT_ID;

/// The path of the page.
pub(crate) const PATH: &str = "/docs";

const DOCUMENT: &str = "/api-docs/openapi.json";

/// Swagger UI. Its *Authorize* button uses the issuer from the document. All its files are in the
/// executable, and no external validator is called.
pub(crate) fn page(document: OpenApi) -> Router {
    let client =
        oauth::Config::new().client_id(CLIENT_ID).use_pkce_with_authorization_code_grant(true);
    let config = Config::new([DOCUMENT]).validator_url("none");
    SwaggerUi::new(PATH).config(config).oauth(client).url(DOCUMENT, document).into()
}
