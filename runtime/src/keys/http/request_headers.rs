//! The headers that the configuration of an issuer adds to requests.

use std::fmt;
use std::path::PathBuf;

use http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_TYPE, EXPECT, HOST, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, PRAGMA, PROXY_AUTHORIZATION, RANGE, TE, TRAILER, TRANSFER_ENCODING,
    UPGRADE,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;

use super::super::error::FetchError;
use super::header_file::HeaderFile;

/// Headers that the server or its HTTP client sets, and headers that change the meaning of the
/// request or of its response.
const RESERVED: [HeaderName; 21] = [
    ACCEPT,
    ACCEPT_ENCODING,
    CACHE_CONTROL,
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    EXPECT,
    HOST,
    IF_MATCH,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    IF_RANGE,
    IF_UNMODIFIED_SINCE,
    PRAGMA,
    PROXY_AUTHORIZATION,
    RANGE,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];
/// Other names of the same kind, for which the crate `http` has no constants.
const OTHER_RESERVED: [&str; 3] = ["http2-settings", "keep-alive", "proxy-connection"];

/// Source of the value of a header.
#[derive(Clone)]
enum HeaderSource {
    Text(HeaderValue),
    /// A file that is read for each request.
    File(HeaderFile),
}

/// Headers, and the origins to which the server may send them. An origin that only a fetched
/// document names does not get the headers, because they may contain credentials.
#[derive(Clone, Default)]
pub(crate) struct RequestHeaders {
    values: Vec<(HeaderName, HeaderSource)>,
    /// URLs of the configuration, of which only scheme, host and port count.
    destinations: Vec<Url>,
}

impl RequestHeaders {
    /// Creates headers for requests to the origins of these URLs.
    pub(crate) fn for_origins_of(destinations: Vec<Url>) -> Self {
        Self { values: Vec::new(), destinations }
    }

    /// Adds a header with a fixed value. The error says what is wrong with the header, without its
    /// value.
    pub(crate) fn add_text(&mut self, name: &str, value: &str) -> Result<(), String> {
        let value = HeaderValue::from_str(value).ok().filter(|value| !value.is_empty());
        let mut value = value
            .ok_or("has an empty value or a value with a character that a header cannot have")?;
        value.set_sensitive(true);
        self.add(name, HeaderSource::Text(value))
    }

    /// Adds a header whose value is `prefix` and the content of a file.
    pub(crate) fn add_file(
        &mut self,
        name: &str,
        file: PathBuf,
        prefix: &str,
    ) -> Result<(), String> {
        HeaderValue::from_str(prefix)
            .map_err(|_| "has a `prefix` with a character that a header cannot have")?;
        self.add(name, HeaderSource::File(HeaderFile::new(file, prefix.to_owned())))
    }

    fn add(&mut self, name: &str, source: HeaderSource) -> Result<(), String> {
        let name: HeaderName = name.parse().map_err(|_| "is not the name of a header")?;
        if RESERVED.contains(&name) || OTHER_RESERVED.contains(&name.as_str()) {
            return Err("cannot be set, because the server sets it itself or would misunderstand \
                        the response"
                .to_owned());
        }
        if self.values.iter().any(|(earlier, _)| *earlier == name) {
            return Err("is set twice".to_owned());
        }
        self.values.push((name, source));
        Ok(())
    }

    /// Returns the headers for a request to this URL. Reads files anew, because tokens in files
    /// expire and are replaced.
    pub(super) async fn for_url(&self, url: &Url) -> Result<HeaderMap, FetchError> {
        let mut headers = HeaderMap::new();
        if !self.destinations.iter().any(|destination| destination.origin() == url.origin()) {
            return Ok(headers);
        }
        for (name, source) in &self.values {
            let value = match source {
                HeaderSource::Text(value) => value.clone(),
                HeaderSource::File(file) => file
                    .read()
                    .await
                    .map_err(|problem| FetchError::Header(name.clone(), problem))?,
            };
            headers.insert(name, value);
        }
        Ok(headers)
    }
}

/// Omits the values of the headers, which may be credentials.
impl fmt::Debug for RequestHeaders {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.values.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_changes_the_request_is_refused() {
        for name in ["Host", "accept", "If-None-Match", "keep-alive", "content-length", "a b", ""] {
            let mut headers = RequestHeaders::default();
            assert!(headers.add_text(name, "x").is_err(), "{name}");
        }
        let mut headers = RequestHeaders::default();
        assert_eq!(headers.add_text("Authorization", "Bearer s3cret"), Ok(()));
        assert!(headers.add_file("authorization", "token".into(), "").is_err(), "twice");
        for value in ["", "s3cret\n", "s3cret\0"] {
            let problem = headers.add_text("x-key", value).unwrap_err();
            assert!(!problem.contains("s3cret"), "{problem}");
        }
        assert!(!format!("{headers:?}").contains("s3cret"));
    }

    #[tokio::test]
    async fn only_an_origin_of_the_configuration_gets_the_headers() {
        let url = |text: &str| text.parse::<Url>().unwrap();
        let mut headers = RequestHeaders::for_origins_of(vec![url("https://id.example.com/t")]);
        headers.add_text("x-key", "s3cret").unwrap();
        let cases = [
            ("https://id.example.com/other", true),
            ("https://id.example.com:443/", true),
            ("https://id.example.com:8443/", false),
            ("http://id.example.com/", false),
            ("http://id.example.com:443/", false),
            ("https://id.example.com.evil.example/", false),
            ("https://keys.id.example.com/", false),
        ];
        for (to, expected) in cases {
            let sent = headers.for_url(&url(to)).await.unwrap();
            assert_eq!(sent.contains_key("x-key"), expected, "{to}");
        }
    }
}
