//! Compares the claim `htu` of a proof with the URI of a request (RFC 9449 section 4.3 check 9).

use reqwest::Url;

/// The beginning of the URI of each request: the scheme, the authority, and the path that a proxy
/// removes. It comes from the configuration only, because a client can write any `Host`.
#[derive(Debug, Clone)]
pub(crate) struct BaseUri {
    origin: Origin,
    /// The path that a proxy removes, without a slash at the end. Empty if it removes none.
    prefix: String,
    /// The origin and the prefix, as clients usually write them.
    text: String,
}

/// The scheme and the authority of a URI, normalized.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    /// Empty for the default port of the scheme.
    port: String,
}

impl BaseUri {
    /// Creates the base from a `public_url`, whose path is the path that a proxy removes.
    pub(crate) fn of_public_url(url: &Url) -> Self {
        Self::new(url, url.path())
    }

    /// Creates the base from the identifier of a resource. A proxy is not known to remove the path
    /// of the identifier, so the path of a request is complete.
    pub(crate) fn of_resource(url: &Url) -> Self {
        Self::new(url, "")
    }

    fn new(url: &Url, path: &str) -> Self {
        let origin = Origin {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_ascii_lowercase(),
            port: url.port().as_ref().map_or_else(String::new, ToString::to_string),
        };
        let prefix = path.trim_end_matches('/').to_owned();
        Self { origin, text: url.origin().ascii_serialization() + &prefix, prefix }
    }

    /// Returns true if `htu` is the URI of a request with this path. Query and fragment of `htu` do
    /// not count. Both URIs are compared in the normal form of RFC 3986 sections 6.2.2 and 6.2.3,
    /// except that the dot segments of the request count: a router does not remove them, and `htu`
    /// must not name another route, or a path outside of this API.
    pub(crate) fn is_target(&self, htu: &str, path: &str) -> bool {
        // The path of `OPTIONS *` is not a part of a URI.
        if !path.is_empty() && !path.starts_with('/') {
            return false;
        }
        let written = without_query(htu);
        // Most clients write the normal form, which needs no memory to compare.
        if written.strip_prefix(&self.text) == Some(path) {
            return true;
        }
        let parts = Parts::of(written);
        parts.origin().is_some_and(|origin| origin == self.origin)
            && is_same_path(parts.path, &format!("{}{path}", self.prefix))
    }
}

fn without_query(uri: &str) -> &str {
    uri.split(['?', '#']).next().unwrap_or_default()
}

/// The parts of a URI without query and fragment (RFC 3986 section 3). A text that is not such a URI
/// has an empty scheme.
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
}

impl<'a> Parts<'a> {
    fn of(uri: &'a str) -> Self {
        let (scheme, rest) = uri.split_once("://").unwrap_or_default();
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        Self { scheme, authority, path }
    }

    /// Returns the normalized origin. Returns `None` for another scheme than http and https, and for
    /// an authority that is not a host and a port. User information is such an authority: the URI
    /// of a request has none (RFC 9110 section 4.2.4).
    fn origin(&self) -> Option<Origin> {
        let scheme = self.scheme.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "https" => "443",
            "http" => "80",
            _ => return None,
        };
        let (host, port) = host_and_port(self.authority)?;
        let port = if port == default_port { "" } else { port };
        let host = normal_octets(host).to_ascii_lowercase();
        (!host.is_empty() && !host.contains('@')).then(|| Origin {
            scheme,
            host,
            port: port.to_owned(),
        })
    }
}

/// Splits an authority at the colon of its port. The colons of an IPv6 address are in brackets.
fn host_and_port(authority: &str) -> Option<(&str, &str)> {
    let end = authority.rfind(']').map_or(0, |bracket| bracket.saturating_add(1));
    let (address, rest) = authority.split_at(end);
    let (name, port) = rest.split_once(':').unwrap_or((rest, ""));
    let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
    match (address, name) {
        _ if !is_port => None,
        ("", name) => Some((name, port)),
        (address, "") => Some((address, port)),
        _ => None,
    }
}

/// Returns true if a path that a client has written is that of a request. The written path may have
/// dot segments in addition (RFC 3986 section 6.2.2.3).
fn is_same_path(written: &str, requested: &str) -> bool {
    let (written, requested) = (normal_path(written), normal_path(requested));
    written == requested || without_dot_segments(&written) == requested
}

/// Returns a path whose octets have their normal form. An empty path becomes a slash (RFC 3986 section
/// 6.2.3).
fn normal_path(path: &str) -> String {
    if path.is_empty() { "/".to_owned() } else { normal_octets(path) }
}

/// Returns a path without its dot segments.
fn without_dot_segments(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    let mut written = path.split('/').skip(1).peekable();
    while let Some(segment) = written.next() {
        let is_last = written.peek().is_none();
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
        if is_last && matches!(segment, "." | "..") {
            segments.push("");
        }
    }
    format!("/{}", segments.join("/"))
}

/// Decodes percent-encoded unreserved characters, and writes other percent-encodings in upper case
/// (RFC 3986 sections 6.2.2.1 and 6.2.2.2). A percent sign without two digits stands for
/// itself.
fn normal_octets(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        normal.push_str(before);
        let digits = after.get(..2).filter(|two| two.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let octet = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (digits, octet.map(char::from)) {
            (Some(_), Some(character)) if is_unreserved(character) => normal.push(character),
            (Some(two), _) => {
                normal.push('%');
                normal.push_str(&two.to_ascii_uppercase());
            }
            _ => normal.push_str("%25"),
        }
        rest = digits.and_then(|_| after.get(2..)).unwrap_or(after);
    }
    normal.push_str(rest);
    normal
}

/// Returns true if the character is unreserved (RFC 3986 section 2.3).
fn is_unreserved(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~')
}

#[cfg(test)]
mod tests;
