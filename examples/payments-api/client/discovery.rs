//! Finds the authorization server of an API.

use reqwest::{Method, Request, Url};
use serde::Deserialize;

use super::Error;
use super::http::Http;

/// The metadata of an API (RFC 9728 section 2), as far as this client needs it.
#[derive(Deserialize)]
struct ResourceMetadata {
    resource: String,
    authorization_servers: Vec<String>,
}

/// The metadata of an authorization server (RFC 8414 section 2, RFC 9126 section 5).
#[derive(Deserialize)]
pub(crate) struct ServerMetadata {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) pushed_authorization_request_endpoint: Url,
    pub(crate) revocation_endpoint: Url,
}

/// Asks the API for its authorization server, and that server for its endpoints.
pub(crate) async fn discover(http: &Http, api: &str) -> Result<ServerMetadata, Error> {
    let document = well_known(api, "oauth-protected-resource")?;
    let answer = http.send(Request::new(Method::GET, document)).await?;
    let metadata: ResourceMetadata = answer.json()?;
    // RFC 9728 section 3.3: the document must be about the API that was asked.
    if metadata.resource != api {
        return Err("the metadata are of another API".into());
    }
    // A client of several authorization servers chooses one at which it is registered.
    let issuer = metadata.authorization_servers.into_iter().next();
    let issuer = issuer.ok_or("the API names no authorization server")?;

    let document = well_known(&issuer, "oauth-authorization-server")?;
    let answer = http.send(Request::new(Method::GET, document)).await?;
    let server: ServerMetadata = answer.json()?;
    // RFC 8414 section 3.3: the document must be about the server that was asked.
    if server.issuer != issuer {
        return Err("the metadata are of another authorization server".into());
    }
    Ok(server)
}

/// Returns the URL of a metadata document: the well-known path stands before the path of the
/// identifier (RFC 8414 section 3.1, RFC 9728 section 3.1).
fn well_known(identifier: &str, document: &str) -> Result<Url, Error> {
    let mut url = Url::parse(identifier)?;
    let path = format!("/.well-known/{document}{}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}
