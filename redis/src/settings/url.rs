//! Reads the URL of a server.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::address::Address;

/// The port of Redis and the port of Sentinel.
const REDIS_PORT: u16 = 6379;
const SENTINEL_PORT: u16 = 26379;

/// The parts of a URL.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RedisUrl {
    pub(crate) is_tls: bool,
    pub(crate) address: Address,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) database: u32,
}

impl RedisUrl {
    /// Reads the URL of a server of Redis or of Sentinel. The error is the predicate of a sentence
    /// about the URL, without a part of it: any part may be a piece of a misspelt password.
    pub(crate) fn parse(text: &str, is_sentinel: bool) -> Result<Self, String> {
        if text.is_empty() {
            return Err("is empty".to_owned());
        }
        let url = Url::parse(text).map_err(|error| {
            format!(
                "is not a URL: {error} (it looks like `redis://user:password@host:6379/0`, with \
                 special characters of the password percent-encoded)"
            )
        })?;
        let is_tls = match url.scheme() {
            "redis" | "valkey" => false,
            "rediss" | "valkeys" => true,
            _ => return Err("has another scheme than `redis` and `rediss`".to_owned()),
        };
        if url.query().is_some() || url.fragment().is_some() {
            return Err("has a query or a fragment: remove it".to_owned());
        }
        let default_port = if is_sentinel { SENTINEL_PORT } else { REDIS_PORT };
        Ok(Self {
            is_tls,
            address: Address::new(host(&url)?, url.port().unwrap_or(default_port)),
            username: decode(url.username(), "user")?,
            password: decode(url.password().unwrap_or_default(), "password")?,
            database: database(url.path())?,
        })
    }
}

fn host(url: &Url) -> Result<String, String> {
    match url.host_str() {
        None | Some("") => Err("has no host".to_owned()),
        // A percent sign is a part of the host, because the scheme is not one of the web's.
        Some(host) if host.contains('%') => Err("has a `%` in its host".to_owned()),
        Some(host) => Ok(host.trim_start_matches('[').trim_end_matches(']').to_owned()),
    }
}

fn decode(text: &str, part: &str) -> Result<Option<String>, String> {
    let decoded = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| format!("has a {part} that is not UTF-8"))?;
    Ok(if decoded.is_empty() { None } else { Some(decoded.into_owned()) })
}

fn database(path: &str) -> Result<u32, String> {
    match path.strip_prefix('/').unwrap_or(path) {
        "" => Some(0),
        number if number.bytes().all(|octet| octet.is_ascii_digit()) => number.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| "has a path that is not the number of a database".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> RedisUrl {
        RedisUrl::parse(text, false).map_err(|error| format!("{text}: {error}")).unwrap()
    }

    #[test]
    fn a_url_has_host_port_user_password_and_database() {
        let url = parsed("redis://us%40er:p%2Fa%3Ass%20@redis.example:1/15");
        assert_eq!(url.address, Address::new("redis.example", 1));
        assert_eq!(url.username.as_deref(), Some("us@er"));
        assert_eq!(url.password.as_deref(), Some("p/a:ss "));
        assert_eq!(url.database, 15);
        assert!(!url.is_tls);

        let url = parsed("rediss://[::1]/");
        assert_eq!(url.address, Address::new("::1", 6379));
        assert!(url.is_tls);
        assert!(url.username.is_none() && url.password.is_none());
        assert_eq!(parsed("redis://:p@h").password.as_deref(), Some("p"));
        assert!(parsed("valkeys://h").is_tls);
        assert_eq!(
            RedisUrl::parse("redis://h", true).unwrap_or_else(|_| unreachable!()).address.port,
            26379
        );
    }

    #[test]
    fn the_error_of_a_url_has_no_part_of_it() {
        for text in [
            "",
            "s3cret",
            "s3cret@host",
            "redis:s3cret",
            "redis://",
            "redis://:s3cret@",
            "redis://:s3cret@:6379",
            "redis://user:s3/cret@host",
            "redis://user:1/s3cret@host",
            "redis://user:s3cret@host:99999",
            "redis://user:s3cret@host/x",
            "redis://user:s3cret@host/-1",
            "redis://user:s3cret@host/99999999999",
            "redis://user:s3cret@host?protocol=resp3",
            "rediss://user:s3cret@host#insecure",
            "redis://user:s3cret%ff@host",
            "redis://user:s3cret@ho%20st",
            "http://user:s3cret@host",
            "unix:///run/s3cret",
        ] {
            let error = RedisUrl::parse(text, false).err();
            let error = error.unwrap_or_else(|| panic!("{text} is accepted"));
            assert!(!error.contains("s3") && !error.contains("cret"), "{text}: {error}");
        }
    }
}
