//! Reads an issuer's metadata (RFC 8414 section 2, OpenID Connect Discovery section 3).

use reqwest::Url;

use super::super::error::FetchError;
use crate::fetch::may_lead;
use crate::json::{self, Object};

/// Reads a member of the metadata with `extract`. Returns an error if the `issuer` member is not
/// exactly the argument `issuer` (RFC 8414 section 3.3).
pub(super) fn read<T>(
    document: &[u8],
    issuer: &str,
    extract: impl FnOnce(Object<'_>) -> Result<T, FetchError>,
) -> Result<T, FetchError> {
    let document = json::object(document).map_err(|_| match str::from_utf8(document) {
        Ok(_) => FetchError::NotMetadata,
        Err(_) => FetchError::NotUtf8,
    })?;
    let named = document.root().get("issuer").and_then(json::Item::as_str);
    if named != Some(issuer) {
        return Err(FetchError::other_issuer(named));
    }
    extract(document.root())
}

/// Returns the `jwks_uri` of metadata that came from the URL `location`.
///
/// This function reads no other member. The algorithms that a server accepts come from its
/// configuration alone, and the metadata has no influence on them.
pub(super) fn jwks_uri(
    metadata: Object<'_>,
    location: &Url,
    insecure_http: bool,
) -> Result<Url, FetchError> {
    let uri = metadata.get("jwks_uri").and_then(json::Item::as_str).ok_or(FetchError::NoJwksUri)?;
    let mut url: Url = uri.parse().map_err(|_| FetchError::JwksUri)?;
    // A fragment is not part of a request (RFC 9110 section 7.1), so the response names a URL
    // without it.
    url.set_fragment(None);
    if may_lead(location, &url, insecure_http) { Ok(url) } else { Err(FetchError::JwksUri) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER: &str = "the metadata is of another issuer";
    const MISSING: &str = "the metadata has no `jwks_uri`";
    const INSECURE: &str = "the `jwks_uri` is not an https URL (plain http needs \
                            `insecure_http` of the issuer)";

    fn read_jwks_uri(document: &str, location: &str, insecure_http: bool) -> Result<Url, String> {
        let location = location.parse().unwrap();
        read(document.as_bytes(), "https://id.example.com/t", |metadata| {
            jwks_uri(metadata, &location, insecure_http)
        })
        .map_err(|error| error.to_string())
    }

    fn is_as_expected(found: &Result<Url, String>, error: Option<&str>) -> bool {
        match (found, error) {
            (Ok(_), None) => true,
            (Err(found), Some(expected)) => found.starts_with(expected),
            _ => false,
        }
    }

    #[test]
    fn only_a_document_of_this_issuer_is_accepted() {
        let with = |issuer: &str, uri: &str| format!(r#"{{"issuer":{issuer},"jwks_uri":{uri}}}"#);
        let ok = r#""https://id.example.com/t""#;
        let keys = r#""https://keys.example.com/k""#;
        let cases = [
            (with(ok, keys), None),
            (with(r#""https://id.ex\u0061mple.com/t""#, keys), None),
            (with(r#""https://id.example.com/t/""#, keys), Some(OTHER)),
            (with(r#""https://ID.example.com/t""#, keys), Some(OTHER)),
            (with("7", keys), Some(OTHER)),
            (format!(r#"{{"jwks_uri":{keys}}}"#), Some(OTHER)),
            (format!(r#"{{"issuer":{ok}}}"#), Some(MISSING)),
            (with(ok, "7"), Some(MISSING)),
            (with(ok, r#""/k""#), Some(INSECURE)),
            (with(ok, r#""file:///k""#), Some(INSECURE)),
            ("<html>".to_owned(), Some("the response is not a metadata document")),
            ("[]".to_owned(), Some("the response is not a metadata document")),
        ];
        for (document, expected) in cases {
            let found = read_jwks_uri(&document, "https://id.example.com/m", false);
            assert!(is_as_expected(&found, expected), "{document}: {found:?}");
        }
    }

    /// The columns are metadata by https, by http on loopback, and each with `insecure_http`.
    #[test]
    fn metadata_by_https_never_leads_to_http_without_permission() {
        let locations = [
            ("https://id.example.com/m", false),
            ("http://127.0.0.1/m", false),
            ("https://id.example.com/m", true),
            ("http://id.internal/m", true),
        ];
        for (uri, permitted) in [
            ("https://keys.example.com/k", [true, true, true, true]),
            ("http://127.0.0.1:8080/k", [false, true, true, true]),
            ("http://localhost/k", [false, true, true, true]),
            ("http://keys.internal/k", [false, false, true, true]),
            ("http://user@keys.internal/k", [false, false, false, false]),
            ("https://user:pw@keys.example.com/k", [false, false, false, false]),
            ("http:///k", [false, false, true, true]),
            ("ftp://keys.internal/k", [false, false, false, false]),
            ("data:application/json,{}", [false, false, false, false]),
        ] {
            let document = format!(r#"{{"issuer":"https://id.example.com/t","jwks_uri":"{uri}"}}"#);
            for ((location, insecure_http), permitted) in locations.into_iter().zip(permitted) {
                let found = read_jwks_uri(&document, location, insecure_http);
                let error = (!permitted).then_some(INSECURE);
                assert!(is_as_expected(&found, error), "{location} -> {uri}: {found:?}");
            }
        }
    }
}
