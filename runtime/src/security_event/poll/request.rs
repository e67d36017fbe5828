//! Writes a poll request (RFC 8936 section 2.2).

use std::collections::BTreeMap;

use http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use serde::Serialize;

use super::replies::{Replies, SetError};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    max_events: usize,
    return_immediately: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    ack: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    set_errs: &'a BTreeMap<String, SetError>,
}

/// Returns the body. If `is_long_poll` is true, the transmitter may wait for an event before it
/// answers.
pub(crate) fn body(replies: &Replies, max_events: usize, is_long_poll: bool) -> Vec<u8> {
    let body = Body {
        max_events,
        return_immediately: !is_long_poll,
        ack: replies.acknowledged(),
        set_errs: replies.errors(),
    };
    // Texts and numbers can always be written.
    serde_json::to_vec(&body).unwrap_or_default()
}

/// Returns the headers. The descriptions of errors are in English (RFC 8936 section 2.6).
pub(crate) fn headers(authorization: Option<HeaderValue>) -> HeaderMap {
    let json = HeaderValue::from_static("application/json");
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, json.clone());
    headers.insert(CONTENT_TYPE, json);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static("en"));
    if let Some(mut authorization) = authorization {
        authorization.set_sensitive(true);
        headers.insert(AUTHORIZATION, authorization);
    }
    headers
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn each_event_is_acknowledged_or_reported_by_its_name() {
        let mut replies = Replies::default();
        let written =
            |replies: &Replies| serde_json::from_slice::<Value>(&body(replies, 100, true)).unwrap();
        assert_eq!(written(&replies), json!({ "maxEvents": 100, "returnImmediately": false }));
        replies.acknowledge("a".to_owned());
        replies.acknowledge("\"}\u{0}".to_owned());
        let description = "the signature is wrong".to_owned();
        replies.report("b".to_owned(), SetError { err: "invalid_key", description });
        assert_eq!(
            written(&replies),
            json!({
                "maxEvents": 100,
                "returnImmediately": false,
                "ack": ["a", "\"}\u{0}"],
                "setErrs": {
                    "b": { "err": "invalid_key", "description": "the signature is wrong" },
                },
            })
        );
        let immediately: Value = serde_json::from_slice(&body(&replies, 1, false)).unwrap();
        assert_eq!(immediately["returnImmediately"], true);
        assert_eq!(immediately["maxEvents"], 1);
    }

    #[test]
    fn the_authorization_is_not_shown() {
        let headers = headers(Some(HeaderValue::from_static("Bearer s3cret")));
        assert!(!format!("{headers:?}").contains("s3cret"));
        assert_eq!(headers[AUTHORIZATION], "Bearer s3cret");
    }
}
