//! Determines the locations of an issuer's metadata, and reads the `jwks_uri` in the metadata.

use reqwest::Url;

use super::error::FetchError;
use super::http::is_permitted;
use crate::json;

/// Returns the possible URLs of an issuer's metadata, in the order in which the server tries them.
///
/// RFC 8414 section 3.1 puts the well-known string between the host and the path of the issuer's
/// URL. OpenID Connect Discovery section 4.1 puts the well-known string after the path. RFC 8414
/// section 5 requires that clients first try `openid-configuration` between the host and the path.
pub(super) fn locations(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/').to_owned();
    let mut paths = vec![
        format!("/.well-known/openid-configuration{path}"),
        format!("{path}/.well-known/openid-configuration"),
        format!("/.well-known/oauth-authorization-server{path}"),
    ];
    paths.dedup();
    let urls = paths.iter().map(|path| {
        let mut url = issuer.clone();
        url.set_path(path);
        url
    });
    urls.collect()
}

/// Returns the `jwks_uri` in the metadata, or an error if the `issuer` member is not exactly the
/// argument `issuer` (RFC 8414 section 3.3).
///
/// This function reads only the members `issuer` and `jwks_uri`. The algorithms that a server
/// accepts come from its configuration alone, and the metadata has no influence on them.
pub(super) fn jwks_uri(document: &[u8], issuer: &str) -> Result<Url, FetchError> {
    let is_plain_http = issuer.starts_with("http://");
    let document = json::object(document).map_err(|_| FetchError::NotMetadata)?;
    let text = |name| document.root().get(name)?.as_str();
    if text("issuer") != Some(issuer) {
        return Err(FetchError::other_issuer(text("issuer")));
    }
    let uri = text("jwks_uri").ok_or(FetchError::NoJwksUri)?;
    // The metadata of an https issuer must not name an http URL, not even a URL on this machine.
    uri.parse()
        .ok()
        .filter(|url: &Url| is_permitted(url) && (is_plain_http || url.scheme() == "https"))
        .ok_or(FetchError::JwksUri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_requested_at_the_locations_of_the_standards() {
        let cases: &[(&str, &[&str])] = &[
            (
                "https://id.example.com",
                &[
                    "https://id.example.com/.well-known/openid-configuration",
                    "https://id.example.com/.well-known/oauth-authorization-server",
                ],
            ),
            (
                "https://id.example.com/",
                &[
                    "https://id.example.com/.well-known/openid-configuration",
                    "https://id.example.com/.well-known/oauth-authorization-server",
                ],
            ),
            (
                "https://id.example.com/realms/acme/",
                &[
                    "https://id.example.com/.well-known/openid-configuration/realms/acme",
                    "https://id.example.com/realms/acme/.well-known/openid-configuration",
                    "https://id.example.com/.well-known/oauth-authorization-server/realms/acme",
                ],
            ),
        ];
        for (issuer, expected) in cases {
            let found = locations(&issuer.parse().unwrap());
            assert!(found.iter().map(Url::as_str).eq(expected.iter().copied()), "{issuer}");
        }
    }

    #[test]
    fn only_a_document_of_this_issuer_is_accepted() {
        let issuer = "https://id.example.com/t";
        let with = |issuer: &str, uri: &str| format!(r#"{{"issuer":{issuer},"jwks_uri":{uri}}}"#);
        let ok = r#""https://id.example.com/t""#;
        let keys = r#""https://keys.example.com/k""#;
        let other = Some("the metadata is of another issuer");
        let missing = Some("the metadata has no `jwks_uri`");
        let insecure = Some("the `jwks_uri` is not an https URL");
        let cases = [
            (with(ok, keys), None),
            (with(r#""https://id.ex\u0061mple.com/t""#, keys), None),
            (with(r#""https://id.example.com/t/""#, keys), other),
            (with(r#""https://ID.example.com/t""#, keys), other),
            (with("7", keys), other),
            (format!(r#"{{"jwks_uri":{keys}}}"#), other),
            (format!(r#"{{"issuer":{ok}}}"#), missing),
            (with(ok, "7"), missing),
            (with(ok, r#""/k""#), insecure),
            (with(ok, r#""http://keys.example.com/k""#), insecure),
            (with(ok, r#""http://127.0.0.1/k""#), insecure),
            (with(ok, r#""file:///k""#), insecure),
            ("<html>".to_owned(), Some("the response is not a metadata document")),
            ("[]".to_owned(), Some("the response is not a metadata document")),
        ];
        for (document, expected) in cases {
            let error = jwks_uri(document.as_bytes(), issuer).err().map(|error| error.to_string());
            match (&error, expected) {
                (None, None) => {}
                (Some(error), Some(expected)) => assert!(error.starts_with(expected), "{document}"),
                _ => panic!("{document}: {error:?}"),
            }
        }
    }
}
