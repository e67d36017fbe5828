//! Tests that several readers of a token judge the cookie in the same way, and verify it once.

use axum_protected_tests::Log;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use super::api::{API, Api};
use super::request::{Line, request, send};
use super::{COOKIE, cookie, fixed, good, server};

const SIGNATURES: &str = "axum_protected.signature.duration";

fn lines<'a>(site: &'a str, cookie: &'a str) -> [Line<'a>; 2] {
    [("sec-fetch-site", site), ("cookie", cookie)]
}

/// `Option<AccessToken>` and `Option<Claims<T>>` count a request that another site caused as one
/// without a credential: the sender of the request has not chosen to present it.
#[tokio::test]
async fn a_cross_site_request_is_anonymous_where_a_token_is_optional() {
    let (log, _guard) = Log::open();
    let api = Api::new(server());
    let token = cookie(&good());
    for (path, known) in [("/optional", "alice"), ("/optional-claims", "a@example.com")] {
        for (site, expected) in
            [("same-origin", known), ("same-site", "nobody"), ("cross-site", "nobody")]
        {
            let answer = send(&api.router, request("GET", path, &lines(site, &token))).await;
            assert_eq!((answer.status, answer.text().as_str()), (200, expected), "{path} {site}");
        }
        let answer = send(&api.router, request("POST", path, &[("cookie", &token)])).await;
        assert_eq!(answer.text(), "nobody");
        // A bad token is not anonymous.
        let bad = cookie("abc");
        let answer = send(&api.router, request("GET", path, &lines("same-origin", &bad))).await;
        assert_eq!(answer.status, 401);
        let answer = send(&api.router, request("GET", path, &lines("cross-site", &bad))).await;
        assert_eq!(answer.text(), "nobody");
    }
    // Nothing is refused where a request is anonymous.
    let refused: Vec<_> =
        log.take().into_iter().filter(|event| event.get("code").is_some()).collect();
    assert_eq!(refused.len(), 2, "{refused:?}");
}

/// A signature is verified once for a request, although guards, checks and arguments read the token.
#[tokio::test]
async fn a_cookie_is_verified_once_in_a_request() {
    // Without a cache, each request verifies the signature.
    for (bytes, expected) in [(0, 1), (1 << 20, 0)] {
        let recorder = DebuggingRecorder::new();
        let _guard = metrics::set_default_local_recorder(&recorder);
        let builder = fixed().token_cookie(COOKIE).verified_token_bytes(bytes);
        let api = Api::new(builder.build().unwrap());
        let token = cookie(&good());
        let lines = lines("same-origin", &token);
        send(&api.router, request("GET", "/items", &lines)).await;
        assert_eq!(verifications(&recorder), 1);
        for path in API.into_iter().chain(["/page", "/behind-page/page", "/behind-page/items"]) {
            let answer = send(&api.router, request("GET", path, &lines)).await;
            assert_eq!((answer.status, verifications(&recorder)), (200, expected), "{path}");
        }
    }
}

/// Returns the number of verified signatures since the last call of this function.
fn verifications(recorder: &DebuggingRecorder) -> usize {
    let metrics = recorder.snapshotter().snapshot().into_vec().into_iter();
    let samples = metrics.filter_map(|(key, _, _, value)| match value {
        DebugValue::Histogram(samples) if key.key().name() == SIGNATURES => Some(samples.len()),
        _ => None,
    });
    samples.sum()
}

/// A refusal of a HEAD request is that of a GET request without its body.
#[tokio::test]
async fn a_head_request_is_refused_like_a_get_request() {
    let api = Api::new(server());
    for token in [cookie(&good()), cookie("abc"), String::new()] {
        for site in ["same-origin", "cross-site"] {
            for path in API {
                let get = request("GET", path, &lines(site, &token));
                let head = request("HEAD", path, &lines(site, &token));
                let (get, head) = (send(&api.router, get).await, send(&api.router, head).await);
                assert_eq!(get.status, head.status, "{path}");
                let names = ["www-authenticate", "cache-control", "content-type"];
                for name in names {
                    assert_eq!(get.header(name), head.header(name), "{path} {name}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_cross_site_refusal_has_no_challenge() {
    let api = Api::new(server());
    let token = cookie(&good());
    for path in API {
        let answer = send(&api.router, request("GET", path, &lines("cross-site", &token))).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.header("www-authenticate"), None);
        assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"));
    }
}
