//! Tests how a request presents its token in a cookie, and that it presents nothing else.

use axum::body::Body;
use axum::http::{Request, Version};
use axum_protected::RefusalKind;
use axum_protected::api_key::{ApiKey, ApiKeys, KeyDigest};
use axum_protected_tests::{Log, token};

use super::api::{API, Api};
use super::request::{HANDSHAKE, Line, code, request, request_from, send};
use super::{COOKIE, ISSUER, cookie, fixed, good, server};

const SAME_ORIGIN: Line<'_> = ("sec-fetch-site", "same-origin");

fn from_page(path: &str, lines: &[Line<'_>]) -> Request<Body> {
    request("GET", path, &[&[SAME_ORIGIN], lines].concat())
}

async fn check(api: &Api, lines: &[Line<'_>], expected: Option<&str>) {
    for path in API {
        let before = api.calls();
        let code = code(&api.router, from_page(path, lines)).await;
        assert_eq!(code.as_deref(), expected, "{path} {lines:?}");
        assert_eq!(api.calls() - before, usize::from(expected.is_none()), "{path} {lines:?}");
    }
}

#[tokio::test]
async fn a_cookie_is_read_only_if_it_is_configured() {
    let api = Api::new(fixed().build().unwrap());
    let (token, bearer) = (cookie(&good()), format!("Bearer {}", good()));
    check(&api, &[("cookie", &token)], Some("missing_token")).await;
    check(&api, &[("cookie", &token), ("authorization", &bearer)], None).await;
    check(&api, &[("cookie", &token), ("cookie", &token), ("authorization", &bearer)], None).await;
    let optional = from_page("/optional", &[("cookie", &token)]);
    assert_eq!(send(&api.router, optional).await.text(), "nobody");
}

#[tokio::test]
async fn a_request_has_one_cookie_of_the_name() {
    let api = Api::new(server());
    let good = good();
    let mine = cookie(&good);
    let malformed = Some("invalid_request");
    let missing = Some("missing_token");
    let cases: &[(&[&str], Option<&str>)] = &[
        (&[&mine], None),
        (&[&format!("a=b; {mine}; c=d")], None),
        // HTTP/2 may split the cookies into lines (RFC 9113 section 8.2.3).
        (&["a=b", &mine, "c=d"], None),
        (&[&format!("{COOKIE}2=x; x{COOKIE}=x; {mine}")], None),
        (&[&format!("{mine}; {mine}")], malformed),
        (&[&mine, &mine], malformed),
        (&[&format!("{mine}; {COOKIE}=")], malformed),
        (&[&format!("{COOKIE}=x; {mine}")], malformed),
        (&[&mine, &format!("a=b; {COOKIE}=x")], malformed),
        (&[&format!("{COOKIE}=\"{good}\"")], malformed),
        (&[&format!("{COOKIE}=a b")], malformed),
        (&[&format!("{COOKIE}=Bearer {good}")], malformed),
        (&[&format!("{COOKIE}={}", "a".repeat(16 * 1024 + 1))], malformed),
        (&[&format!("{COOKIE}={}", "a".repeat(16 * 1024))], Some("malformed_token")),
        (&[&format!("{COOKIE}=abc")], Some("malformed_token")),
        (&[], missing),
        (&[""], missing),
        (&[&format!("{COOKIE}=")], missing),
        (&[COOKIE], missing),
        (&[&mine.to_lowercase()], missing),
        (&[&format!("token={good}")], missing),
        (&[&format!("x={mine}")], missing),
    ];
    for (values, expected) in cases {
        let lines: Vec<_> = values.iter().map(|value| ("cookie", *value)).collect();
        check(&api, &lines, *expected).await;
    }
}

#[tokio::test]
async fn the_cookies_of_http_2_come_in_several_lines() {
    let api = Api::new(server());
    let mine = cookie(&good());
    let lines = [("cookie", "a=b"), ("cookie", &mine), ("cookie", "c=d")];
    for (second, expected) in [("d=e", None), (mine.as_str(), Some("invalid_request"))] {
        let lines = [&lines[..], &[("cookie", second)]].concat();
        let mut request = from_page("https://api.example.com/items", &lines);
        request.headers_mut().remove("host");
        *request.version_mut() = Version::HTTP_2;
        assert_eq!(code(&api.router, request).await.as_deref(), expected);
    }
}

/// RFC 6750 section 2: a request has one credential. A cookie beside any other is refused, valid or
/// not, and whichever page caused the request.
#[tokio::test]
async fn a_cookie_and_another_credential_are_two() {
    let keys = || ApiKeys::new().key(ApiKey::new(KeyDigest::of("a-key")).subject("ci"));
    let good = good();
    let bearer = format!("Bearer {good}");
    let offer = format!("chat, bearer.{good}");
    let offer = [&HANDSHAKE[..], &[("sec-websocket-protocol", offer.as_str())]].concat();
    let authorization = |value| vec![("authorization", value)];
    let others: [(&str, Vec<Line<'_>>); 9] = [
        ("the same token", authorization(bearer.as_str())),
        ("another token", authorization("Bearer abc")),
        ("another scheme", authorization("Basic YTpi")),
        ("an unknown scheme", authorization("Custom")),
        ("an empty header", authorization("")),
        ("a malformed header", authorization("Bearer a b")),
        ("two headers", [authorization("Bearer a"), authorization("Bearer a")].concat()),
        ("an API key", vec![("x-api-key", "a-key")]),
        ("a subprotocol", offer),
    ];
    for builder in [fixed(), fixed().token_header("X-Token")] {
        let builder = builder.token_cookie(COOKIE).api_keys(keys());
        let api = Api::new(builder.websocket_protocol_token().build().unwrap());
        for text in [good.as_str(), "abc"] {
            for (name, other) in &others {
                for site in ["same-origin", "cross-site"] {
                    let token = cookie(text);
                    let lines =
                        [other, &[("cookie", token.as_str()), ("sec-fetch-site", site)][..]];
                    for path in API.into_iter().chain(["/optional", "/optional-claims", "/page"]) {
                        let request = request("GET", path, &lines.concat());
                        let code = code(&api.router, request).await;
                        assert_eq!(
                            code.as_deref(),
                            Some("invalid_request"),
                            "{path} {name} {site}"
                        );
                    }
                }
            }
        }
        assert_eq!(api.calls(), 0);
    }
}

/// The header of `token_header` is a credential too.
#[tokio::test]
async fn a_cookie_and_a_configured_header_are_two() {
    let api = Api::new(fixed().token_cookie(COOKIE).token_header("X-Token").build().unwrap());
    let (good, token) = (good(), cookie(&good()));
    check(&api, &[("x-token", &good)], None).await;
    check(&api, &[("cookie", &token)], None).await;
    check(&api, &[("cookie", &token), ("x-token", &good)], Some("invalid_request")).await;
    check(&api, &[("cookie", &token), ("x-token", "")], Some("invalid_request")).await;
}

/// RFC 6750 section 5.3: a cookie that came without TLS is not taken.
#[tokio::test]
async fn a_cookie_must_come_over_tls() {
    let builder = fixed().token_cookie(COOKIE).trusted_proxy("10.0.0.0/8");
    let api = Api::new(builder.build().unwrap());
    let token = cookie(&good());
    let https = ("x-forwarded-proto", "https");
    let http = ("x-forwarded-proto", "http");
    let refused = Some("insecure_transport");
    for (peer, forwarded, expected) in [
        ("127.0.0.1", None, None),
        ("::1", None, None),
        ("192.0.2.7", None, refused),
        ("192.0.2.7", Some(https), refused),
        ("10.1.2.3", Some(https), None),
        ("10.1.2.3", Some(http), refused),
        ("10.1.2.3", None, refused),
    ] {
        for path in API.into_iter().chain(["/optional", "/page"]) {
            let mut lines = vec![SAME_ORIGIN, ("cookie", token.as_str())];
            lines.extend(forwarded);
            let code = code(&api.router, request_from(peer, path, &lines)).await;
            assert_eq!(code.as_deref(), expected, "{path} {peer} {forwarded:?}");
        }
    }
}

/// The refusal of a cookie is that of a header: the status, the code and the challenge.
#[tokio::test]
async fn a_refused_token_has_the_same_answer_in_both_places() {
    let api = Api::new(server());
    let valid = || token(ISSUER).subject("alice");
    for text in [
        String::new(),
        "abc".to_owned(),
        valid().expired().sign(),
        valid().scope("items:write").sign(),
        valid().claim("aud", "x").sign(),
        valid().header("kid", "x").sign(),
    ] {
        let token = cookie(&text);
        let in_cookie = send(&api.router, from_page("/items", &[("cookie", &token)])).await;
        let bearer = format!("Bearer {text}");
        let lines = [("authorization", bearer.as_str())];
        let lines = if text.is_empty() { &[][..] } else { &lines };
        let in_header = send(&api.router, from_page("/items", lines)).await;
        assert_eq!(in_cookie.status, in_header.status, "{text}");
        assert_eq!(in_cookie.undated_headers(), in_header.undated_headers(), "{text}");
        assert_eq!(in_cookie.body, in_header.body, "{text}");
        let challenge = in_cookie.header("www-authenticate").unwrap();
        assert!(challenge.starts_with("Bearer realm=\"api\", "), "{challenge}");
    }
    assert_eq!(api.calls(), 0);
}

/// With `token_scheme`, the challenge still names the scheme of the header.
#[tokio::test]
async fn a_challenge_names_the_scheme_of_the_header() {
    let api = Api::new(fixed().token_cookie(COOKIE).token_scheme("Token").build().unwrap());
    let token = cookie("abc");
    let answer = send(&api.router, from_page("/items", &[("cookie", &token)])).await;
    assert!(answer.header("www-authenticate").unwrap().starts_with("Token realm="));
}

#[tokio::test]
async fn a_token_says_that_it_came_in_a_cookie() {
    let api = Api::new(server());
    let token = cookie(&good());
    // The same token in the other place is another presentation, also from the cache.
    for _ in 0..2 {
        let answer = send(&api.router, from_page("/bare", &[("cookie", &token)])).await;
        assert_eq!(answer.text(), "Cookie");
        let bearer = format!("Bearer {}", good());
        let answer = send(&api.router, from_page("/bare", &[("authorization", &bearer)])).await;
        assert_eq!(answer.text(), "Authorization");
    }
}

#[tokio::test]
async fn headers_alone_have_no_cookie() {
    let server = server();
    let request = from_page("/", &[("cookie", &cookie(&good()))]);
    let error = server.authenticate(request.headers()).await.unwrap_err();
    assert_eq!(error.kind(), RefusalKind::MissingToken);
}

#[tokio::test]
async fn neither_the_log_nor_a_refusal_contains_the_token() {
    let (log, _guard) = Log::open();
    let api = Api::new(server());
    let marker = "m4rk3r";
    let expired = token(ISSUER).subject(marker).expired().sign();
    let weak = token(ISSUER).subject(marker).sign();
    let good = good();
    let doubled = format!("{}; {}", cookie(&good), cookie(&good));
    for value in [cookie(marker), cookie(&expired), cookie(&weak), cookie(&good), doubled] {
        for site in ["same-origin", "cross-site", "same-site"] {
            for origin in ["https://api.example.com", "https://evil.example", "null"] {
                let lines =
                    [("cookie", value.as_str()), ("sec-fetch-site", site), ("origin", origin)];
                let lines = [&lines[..], &[("authorization", "Basic YTpi")]];
                for lines in [lines[..1].concat(), lines.concat()] {
                    for path in ["/items", "/all", "/page", "/optional"] {
                        let answer = send(&api.router, request("POST", path, &lines)).await;
                        assert!(answer.is_success() || !answer.contains(marker), "{answer:?}");
                    }
                }
            }
        }
    }
    let text = log.text();
    assert!(text.contains("Sec-Fetch-Site") && text.contains("another credential"), "{text}");
    for secret in [marker, &expired, &weak, &good] {
        let parts = secret.split('.').filter(|part| part.len() > 40).chain([secret]);
        // The header of a token is the same for all tokens, and no secret.
        for part in parts {
            assert!(!text.contains(part), "{part}");
        }
    }
}
