//! How long an answer may be used, by what it says (RFC 9111).

use std::time::{Duration, SystemTime};

use http::header::{AGE, CACHE_CONTROL, EXPIRES, PRAGMA};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_cache_semantics::{AfterResponse, CacheOptions, CachePolicy};

use super::cache;
use super::error::FetchError;

/// The key store is a private cache (RFC 9111 section 5.2.2.10 is not for it), and guesses no
/// lifetime from `Last-Modified`: there is a default of our own.
const OPTIONS: CacheOptions = CacheOptions {
    shared: false,
    cache_heuristic: 0.0,
    immutable_min_time_to_live: cache::DEFAULT_LIFETIME,
    ignore_cargo_cult: false,
};

/// "The greatest integer it can represent", or 2^31 (RFC 9111 section 1.2.2).
const BEYOND_MEASURE: &str = "2147483648";

/// The rules of an answer, and what is left of its lifetime where it says anything about it.
pub(super) fn of(
    request: &Request<()>,
    head: &Response<()>,
    now: SystemTime,
) -> (CachePolicy, Option<Duration>) {
    let policy = CachePolicy::new_options(request, head, now, OPTIONS);
    let says = [CACHE_CONTROL, EXPIRES, PRAGMA];
    let says = says.iter().any(|name| head.headers().contains_key(name));
    let lifetime = says.then(|| policy.time_to_live(now));
    (policy, lifetime)
}

/// The stored answer with the header fields of the one that confirms it, new ones included
/// (RFC 9111 section 4.3.4).
pub(super) fn confirmed(
    after: &AfterResponse,
    head: &Response<()>,
) -> Result<Response<()>, FetchError> {
    let AfterResponse::NotModified(_, stored) = after else {
        return Err(FetchError::OtherValidator);
    };
    let mut answer = Response::new(());
    let headers = answer.headers_mut();
    headers.clone_from(&stored.headers);
    headers.remove(AGE);
    for name in head.headers().keys() {
        headers.remove(name);
    }
    for (name, value) in head.headers() {
        headers.append(name.clone(), value.clone());
    }
    Ok(answer)
}

/// The headers with `Cache-Control` as `http_cache_semantics` expects it: directive names are
/// case-insensitive (RFC 9111 section 5.2), and there may be more seconds than it can count.
pub(super) fn plain(headers: &HeaderMap) -> HeaderMap {
    let mut plain = headers.clone();
    plain.remove(CACHE_CONTROL);
    for value in headers.get_all(CACHE_CONTROL) {
        let directives = value.to_str().unwrap_or_default().to_ascii_lowercase();
        if let Ok(value) = HeaderValue::from_str(&countable(&directives)) {
            plain.append(CACHE_CONTROL, value);
        }
    }
    plain
}

fn countable(directives: &str) -> String {
    let mut text = String::with_capacity(directives.len());
    for piece in directives.split_inclusive(|letter: char| !letter.is_ascii_digit()) {
        let digits = piece.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let rest = piece.strip_prefix(digits).unwrap_or_default();
        text.push_str(if digits.len() > 10 { BEYOND_MEASURE } else { digits });
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_seconds_than_can_be_counted_are_many() {
        let cases = [
            ("", ""),
            ("max-age=60", "max-age=60"),
            ("public, max-age=9999999999, a=1", "public, max-age=9999999999, a=1"),
            ("max-age=99999999999999999999, x", "max-age=2147483648, x"),
            ("max-age=\"99999999999999999999\"", "max-age=\"2147483648\""),
        ];
        for (stated, expected) in cases {
            assert_eq!(countable(stated), expected);
        }
    }
}
