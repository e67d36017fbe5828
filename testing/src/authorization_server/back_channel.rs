//! Sends logout tokens to clients (OpenID Connect Back-Channel Logout 1.0 section 2.5).

use std::io;
use std::time::Duration;

use axum_protected::__testing::is_permitted;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

/// The time within which a client must answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest status line that the server reads, in bytes.
const LINE_LIMIT: u64 = 1024;

/// The receiver of the logout tokens of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BackChannel {
    /// The host and the port.
    authority: String,
    /// The path and the query.
    target: String,
}

impl BackChannel {
    /// Reads an http URI on loopback without a fragment, or returns the problem.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let uri = text.parse().ok().filter(|uri: &Url| {
            uri.scheme() == "http" && is_permitted(uri) && uri.fragment().is_none()
        });
        let authority = uri
            .as_ref()
            .and_then(|uri| Some(format!("{}:{}", uri.host_str()?, uri.port_or_known_default()?)));
        match (uri, authority) {
            (Some(uri), Some(authority)) => {
                let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
                Ok(Self { authority, target: format!("{}{query}", uri.path()) })
            }
            // The error message does not show the text, because the part before an `@` may contain
            // a password.
            _ => Err("the back-channel logout URI of a client is not http on loopback".to_owned()),
        }
    }

    /// Posts a logout token. Returns an error if the client does not answer with 200 or 204 in time
    /// (section 2.8).
    pub(super) async fn send(&self, logout_token: &str) -> io::Result<()> {
        match timeout(PATIENCE, self.post(logout_token)).await?? {
            200 | 204 => Ok(()),
            status => Err(io::Error::other(format!("the status is {status}"))),
        }
    }

    /// Returns the status of the answer. The value of the form needs no encoding, because a JWT
    /// consists of unreserved characters (RFC 3986 section 2.3).
    async fn post(&self, logout_token: &str) -> io::Result<u16> {
        let Self { authority, target } = self;
        let body = format!("logout_token={logout_token}");
        let request = format!(
            "POST {target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(authority).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut line = String::new();
        BufReader::new(stream).take(LINE_LIMIT).read_line(&mut line).await?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.ok_or_else(|| io::Error::other("the answer is not HTTP"))
    }
}

#[cfg(test)]
mod tests {
    use super::BackChannel;

    #[test]
    fn the_uri_is_http_on_loopback() {
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
        for (uri, expected) in cases {
            let read = BackChannel::read(uri).ok();
            let read = read.as_ref().map(|read| (read.authority.as_str(), read.target.as_str()));
            assert_eq!(read, expected, "{uri}");
        }
    }
}
