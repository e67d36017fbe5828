//! The page that shows the document.

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi, oauth};

use super::issuer::CLIENT_ID;

/// Where the page is.
pub(crate) const PATH: &str = "/docs";

const DOCUMENT: &str = "/api-docs/openapi.json";

/// Swagger UI, whose *Authorize* button asks the issuer that the document names. Everything that it
/// needs is in the executable, and it asks nobody else whether the document is valid.
pub(crate) fn page(document: OpenApi) -> Router {
    let client =
        oauth::Config::new().client_id(CLIENT_ID).use_pkce_with_authorization_code_grant(true);
    let config = Config::new([DOCUMENT]).validator_url("none");
    SwaggerUi::new(PATH).config(config).oauth(client).url(DOCUMENT, document).into()
}
