//! Sends POST requests to programs on loopback.

use std::io;
use std::time::Duration;

use axum_protected::__testing::is_permitted;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// The time within which the program must answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest answer that is read, in bytes.
const ANSWER_LIMIT: u64 = 64 * 1024;

/// A URL on loopback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LoopbackUrl {
    /// The host and the port.
    authority: String,
    /// The path and the query.
    target: String,
}

impl LoopbackUrl {
    /// Reads an http URL on loopback without a fragment. Returns `None` for another text.
    pub(super) fn read(text: &str) -> Option<Self> {
        let url: Url = text.parse().ok()?;
        if url.scheme() != "http" || !is_permitted(&url) || url.fragment().is_some() {
            return None;
        }
        let authority = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Some(Self { authority, target: format!("{}{query}", url.path()) })
    }

    /// Posts a body with these headers, and returns the status and the body of the answer.
    pub(super) async fn post(
        &self,
        headers: &[(&str, &str)],
        body: &str,
    ) -> io::Result<(u16, String)> {
        if headers.iter().any(|(_, value)| value.contains(['\r', '\n'])) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a header has a line break"));
        }
        timeout(PATIENCE, self.exchange(headers, body)).await?
    }

    async fn exchange(&self, headers: &[(&str, &str)], body: &str) -> io::Result<(u16, String)> {
        let Self { authority, target } = self;
        let mut lines = String::new();
        for (name, value) in headers {
            lines.extend([name, ": ", value, "\r\n"]);
        }
        let request = format!(
            "POST {target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n{lines}\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(authority).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.take(ANSWER_LIMIT).read_to_string(&mut answer).await?;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("the answer is not HTTP"))?;
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        Ok((status, body.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::LoopbackUrl;

    #[test]
    fn the_url_is_http_on_loopback() {
        let cases = [
            ("http://127.0.0.1:3000/logout?a=b", Some(("127.0.0.1:3000", "/logout?a=b"))),
            ("http://localhost", Some(("localhost:80", "/"))),
            ("http://[::1]:1/x", Some(("[::1]:1", "/x"))),
            ("https://127.0.0.1:3000/logout", None),
            ("http://app.example.com/logout", None),
            ("http://user:secret@127.0.0.1/logout", None),
            ("http://127.0.0.1/logout#x", None),
            ("/logout", None),
            ("", None),
        ];
        for (url, expected) in cases {
            let read = LoopbackUrl::read(url);
            let read = read.as_ref().map(|read| (read.authority.as_str(), read.target.as_str()));
            assert_eq!(read, expected, "{url}");
        }
    }
}
