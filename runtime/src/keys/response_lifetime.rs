//! Determines the lifetime of an HTTP response from its header fields (RFC 9111).

use std::time::{Duration, SystemTime};

use http::header::{AGE, CACHE_CONTROL, EXPIRES, PRAGMA};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_cache_semantics::{AfterResponse, CacheOptions, CachePolicy};

use super::error::FetchError;
use super::fetch_schedule;

/// Options of a private HTTP cache, which ignores `s-maxage` (RFC 9111 section 5.2.2.10). With
/// these options, the cache does not estimate a lifetime from `Last-Modified`. The lifetime of a
/// response that states no lifetime is [`fetch_schedule::DEFAULT_LIFETIME`].
const OPTIONS: CacheOptions = CacheOptions {
    shared: false,
    cache_heuristic: 0.0,
    immutable_min_time_to_live: fetch_schedule::DEFAULT_LIFETIME,
    ignore_cargo_cult: false,
};

/// Number of seconds, 2^31, that replaces a number of more than ten digits in `Cache-Control` (RFC
/// 9111 section 1.2.2).
const MAX_SECONDS: &str = "2147483648";

/// Returns the cache policy of a response, and the remaining lifetime if the response states a
/// lifetime.
pub(super) fn policy_and_lifetime(
    request: &Request<()>,
    head: &Response<()>,
    now: SystemTime,
) -> (CachePolicy, Option<Duration>) {
    let policy = CachePolicy::new_options(request, head, now, OPTIONS);
    let has_lifetime =
        [CACHE_CONTROL, EXPIRES, PRAGMA].iter().any(|name| head.headers().contains_key(name));
    let lifetime = has_lifetime.then(|| policy.time_to_live(now));
    (policy, lifetime)
}

/// Returns the header fields of the stored response, updated with all header fields of a 304
/// response (RFC 9111 section 4.3.4).
pub(super) fn update_stored(
    after: &AfterResponse,
    head: &Response<()>,
) -> Result<Response<()>, FetchError> {
    let AfterResponse::NotModified(_, stored) = after else {
        return Err(FetchError::OtherValidator);
    };
    let mut updated = Response::new(());
    let headers = updated.headers_mut();
    headers.clone_from(&stored.headers);
    headers.remove(AGE);
    for name in head.headers().keys() {
        headers.remove(name);
    }
    for (name, value) in head.headers() {
        headers.append(name.clone(), value.clone());
    }
    Ok(updated)
}

/// Rewrites the header field `Cache-Control` for the crate `http_cache_semantics`. Directives
/// become lower case, because their names are case-insensitive (RFC 9111 section 5.2).
/// [`MAX_SECONDS`] replaces the numbers that `http_cache_semantics` may be unable to parse.
pub(super) fn normalize(headers: &HeaderMap) -> HeaderMap {
    let mut normalized = headers.clone();
    normalized.remove(CACHE_CONTROL);
    for value in headers.get_all(CACHE_CONTROL) {
        let directives = value.to_str().unwrap_or_default().to_ascii_lowercase();
        if let Ok(value) = HeaderValue::from_str(&cap_numbers(&directives)) {
            normalized.append(CACHE_CONTROL, value);
        }
    }
    normalized
}

fn cap_numbers(directives: &str) -> String {
    let mut text = String::with_capacity(directives.len());
    for piece in directives.split_inclusive(|letter: char| !letter.is_ascii_digit()) {
        let digits = piece.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let rest = piece.strip_prefix(digits).unwrap_or_default();
        text.push_str(if digits.len() > 10 { MAX_SECONDS } else { digits });
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_more_than_ten_digits_are_capped() {
        let cases = [
            ("", ""),
            ("max-age=60", "max-age=60"),
            ("public, max-age=9999999999, a=1", "public, max-age=9999999999, a=1"),
            ("max-age=99999999999999999999, x", "max-age=2147483648, x"),
            ("max-age=\"99999999999999999999\"", "max-age=\"2147483648\""),
        ];
        for (stated, expected) in cases {
            assert_eq!(cap_numbers(stated), expected);
        }
    }
}
