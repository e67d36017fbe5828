//! Tests which requests of a browser are admitted with a cookie. The rows are the requests that
//! Chromium was seen to send.

use axum_protected::ResourceServer;

use super::api::{API, Api};
use super::request::{HANDSHAKE, Line, code, request};
use super::{cookie, fixed, good, server};

const OWN: Line<'_> = ("origin", "https://api.example.com");
/// Another port of the same host.
const NEIGHBOUR: Line<'_> = ("origin", "https://api.example.com:8443");
const EVIL: Line<'_> = ("origin", "https://evil.example");
const OPAQUE: Line<'_> = ("origin", "null");
const SAME_ORIGIN: Line<'_> = ("sec-fetch-site", "same-origin");
const SAME_SITE: Line<'_> = ("sec-fetch-site", "same-site");
const CROSS_SITE: Line<'_> = ("sec-fetch-site", "cross-site");
const NONE: Line<'_> = ("sec-fetch-site", "none");
const NAVIGATE: Line<'_> = ("sec-fetch-mode", "navigate");
const CORS: Line<'_> = ("sec-fetch-mode", "cors");
const NO_CORS: Line<'_> = ("sec-fetch-mode", "no-cors");
const DOCUMENT: Line<'_> = ("sec-fetch-dest", "document");
const IFRAME: Line<'_> = ("sec-fetch-dest", "iframe");
const IMAGE: Line<'_> = ("sec-fetch-dest", "image");
const EMPTY: Line<'_> = ("sec-fetch-dest", "empty");

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Admitted,
    Refused,
    /// Admitted to a page only.
    Page,
}

use Verdict::{Admitted, Page, Refused};

type Row<'a> = (&'a str, &'a str, &'a [Line<'a>], Verdict);

/// The requests of browsers that send `Sec-Fetch-Site`, and of those that do not.
pub(crate) const ROWS: &[Row<'_>] = &[
    ("form", "POST", &[SAME_ORIGIN, OWN, NAVIGATE, DOCUMENT], Admitted),
    ("form without referrer", "POST", &[SAME_ORIGIN, OPAQUE, NAVIGATE, DOCUMENT], Admitted),
    ("form into a frame", "POST", &[SAME_ORIGIN, OWN, NAVIGATE, IFRAME], Admitted),
    ("fetch", "POST", &[SAME_ORIGIN, OWN, CORS, EMPTY], Admitted),
    ("fetch", "PUT", &[SAME_ORIGIN, OWN, CORS, EMPTY], Admitted),
    ("fetch", "DELETE", &[SAME_ORIGIN, OWN, CORS, EMPTY], Admitted),
    ("beacon", "POST", &[SAME_ORIGIN, OWN, NO_CORS, EMPTY], Admitted),
    ("fetch", "GET", &[SAME_ORIGIN, CORS, EMPTY], Admitted),
    ("fetch", "HEAD", &[SAME_ORIGIN, CORS, EMPTY], Admitted),
    ("image", "GET", &[SAME_ORIGIN, NO_CORS, IMAGE], Admitted),
    ("frame", "GET", &[SAME_ORIGIN, NAVIGATE, IFRAME], Admitted),
    ("event source", "GET", &[SAME_ORIGIN, CORS, EMPTY], Admitted),
    ("link", "GET", &[SAME_ORIGIN, NAVIGATE, DOCUMENT], Admitted),
    ("reload", "GET", &[SAME_ORIGIN, NAVIGATE, DOCUMENT], Admitted),
    ("typed address", "GET", &[NONE, NAVIGATE, DOCUMENT], Admitted),
    ("typed address", "HEAD", &[NONE, NAVIGATE, DOCUMENT], Admitted),
    ("form that the user caused", "POST", &[NONE, OWN, NAVIGATE, DOCUMENT], Refused),
    ("request of an extension", "GET", &[NONE, EVIL, CORS, EMPTY], Refused),
    ("form on another port", "POST", &[SAME_SITE, NEIGHBOUR, NAVIGATE, DOCUMENT], Refused),
    ("frame on another port", "POST", &[SAME_SITE, NEIGHBOUR, NAVIGATE, IFRAME], Refused),
    ("fetch on another port", "POST", &[SAME_SITE, NEIGHBOUR, CORS, EMPTY], Refused),
    ("beacon on another port", "POST", &[SAME_SITE, NEIGHBOUR, NO_CORS, EMPTY], Refused),
    ("form without referrer", "POST", &[SAME_SITE, OPAQUE, NAVIGATE, DOCUMENT], Refused),
    ("fetch on another port", "GET", &[SAME_SITE, NO_CORS, EMPTY], Refused),
    ("fetch on another port", "HEAD", &[SAME_SITE, NO_CORS, EMPTY], Refused),
    ("image on another port", "GET", &[SAME_SITE, NO_CORS, IMAGE], Refused),
    ("frame on another port", "GET", &[SAME_SITE, NAVIGATE, IFRAME], Refused),
    ("event source on another port", "GET", &[SAME_SITE, NEIGHBOUR, CORS, EMPTY], Refused),
    ("link on another port", "GET", &[SAME_SITE, NAVIGATE, DOCUMENT], Page),
    ("form on another site", "POST", &[CROSS_SITE, EVIL, NAVIGATE, DOCUMENT], Refused),
    ("form in a sandbox", "POST", &[CROSS_SITE, OPAQUE, NAVIGATE, DOCUMENT], Refused),
    ("frame on another site", "POST", &[CROSS_SITE, EVIL, NAVIGATE, IFRAME], Refused),
    ("fetch on another site", "POST", &[CROSS_SITE, EVIL, CORS, EMPTY], Refused),
    ("fetch on another site", "DELETE", &[CROSS_SITE, EVIL, CORS, EMPTY], Refused),
    ("fetch on another site", "GET", &[CROSS_SITE, NO_CORS, EMPTY], Refused),
    ("image on another site", "GET", &[CROSS_SITE, NO_CORS, IMAGE], Refused),
    ("frame on another site", "GET", &[CROSS_SITE, NAVIGATE, IFRAME], Refused),
    ("event source on another site", "GET", &[CROSS_SITE, EVIL, CORS, EMPTY], Refused),
    ("link on another site", "GET", &[CROSS_SITE, NAVIGATE, DOCUMENT], Page),
    ("preview of a link", "HEAD", &[CROSS_SITE, NAVIGATE, DOCUMENT], Refused),
    ("without a mode", "GET", &[CROSS_SITE, DOCUMENT], Refused),
    ("without a destination", "GET", &[CROSS_SITE, NAVIGATE], Refused),
    ("two modes", "GET", &[CROSS_SITE, NAVIGATE, NAVIGATE, DOCUMENT], Refused),
    ("two destinations", "GET", &[CROSS_SITE, NAVIGATE, DOCUMENT, DOCUMENT], Refused),
    ("unknown site", "GET", &[("sec-fetch-site", "same-planet"), CORS], Refused),
    ("another case", "GET", &[("sec-fetch-site", "Same-Origin")], Refused),
    ("empty site", "GET", &[("sec-fetch-site", "")], Refused),
    ("two sites in a line", "GET", &[("sec-fetch-site", "same-origin, same-origin")], Refused),
    ("two sites", "GET", &[SAME_ORIGIN, SAME_ORIGIN], Refused),
    ("two sites", "GET", &[SAME_ORIGIN, CROSS_SITE, NAVIGATE, DOCUMENT], Refused),
    ("two origins", "POST", &[SAME_ORIGIN, OWN, EVIL], Refused),
    ("two equal origins", "POST", &[OWN, OWN], Refused),
    ("old browser", "GET", &[], Admitted),
    ("old browser", "HEAD", &[], Admitted),
    ("old browser", "POST", &[], Refused),
    ("old browser", "DELETE", &[], Refused),
    ("old browser", "PROPFIND", &[], Refused),
    ("old browser, form", "POST", &[OWN], Admitted),
    (
        "old browser, form in another case",
        "POST",
        &[("origin", "https://API.example.com")],
        Admitted,
    ),
    ("old browser, form on another port", "POST", &[NEIGHBOUR], Refused),
    ("old browser, form on another site", "POST", &[EVIL], Refused),
    ("old browser, opaque origin", "POST", &[OPAQUE], Refused),
    ("old browser, fetch on another site", "GET", &[EVIL], Refused),
    ("old browser, opaque origin", "GET", &[OPAQUE], Refused),
    ("old browser, http page", "POST", &[("origin", "http://api.example.com")], Refused),
    ("old browser, empty origin", "POST", &[("origin", "")], Refused),
    ("old browser, no host", "POST", &[("origin", "https://")], Refused),
    (
        "old browser, longer host",
        "POST",
        &[("origin", "https://api.example.com.evil.example")],
        Refused,
    ),
    ("old browser, path", "POST", &[("origin", "https://api.example.com/")], Refused),
    ("old browser, user name", "POST", &[("origin", "https://evil@api.example.com")], Refused),
    ("old browser, other scheme", "POST", &[("origin", "ftp://api.example.com")], Refused),
];

/// The handshakes of websockets, whose `Origin` is the only evidence in most browsers.
const HANDSHAKES: &[(&str, &[Line<'_>], Verdict)] = &[
    ("own page", &[OWN], Admitted),
    ("own page, with its site", &[OWN, SAME_ORIGIN], Admitted),
    ("page on another port", &[NEIGHBOUR], Refused),
    ("page on another site", &[EVIL], Refused),
    ("opaque origin", &[OPAQUE], Refused),
    ("no origin", &[], Refused),
    ("page on another site, with its site", &[EVIL, CROSS_SITE], Refused),
    ("nobody's page", &[NONE], Refused),
    ("as a navigation", &[CROSS_SITE, NAVIGATE, DOCUMENT], Refused),
];

/// Sends the request to the path and checks the verdict: a refused request reaches no handler.
async fn check(api: &Api, path: &str, row: &Row<'_>, is_page: bool) {
    let (name, method, lines, verdict) = row;
    let token = cookie(&good());
    let lines = [lines, &[("cookie", token.as_str())][..]].concat();
    let before = api.calls();
    let code = code(&api.router, request(method, path, &lines)).await;
    let is_admitted = match verdict {
        Admitted => true,
        Refused => false,
        Page => is_page,
    };
    let what = format!("{method} {path}: {name} {lines:?}");
    if is_admitted {
        assert_eq!((code, api.calls()), (None, before + 1), "{what}");
    } else {
        let expected = if *method == "HEAD" { "403" } else { "cross_site_request" };
        assert_eq!((code.as_deref(), api.calls()), (Some(expected), before), "{what}");
    }
}

#[tokio::test]
async fn an_api_admits_only_requests_that_its_own_pages_cause() {
    let api = Api::new(server());
    // In the second round the token is in the cache.
    for _ in 0..2 {
        for path in API {
            for row in ROWS {
                check(&api, path, row, false).await;
            }
        }
    }
}

#[tokio::test]
async fn a_page_also_admits_links_on_other_sites() {
    let api = Api::new(server());
    for path in ["/page", "/page-layer", "/behind-page/page"] {
        for row in ROWS {
            check(&api, path, row, true).await;
        }
    }
}

#[tokio::test]
async fn a_websocket_is_judged_by_its_origin() {
    let api = Api::new(server());
    for (name, lines, verdict) in HANDSHAKES {
        let lines = [&HANDSHAKE[..], lines].concat();
        for path in API {
            check(&api, path, &(name, "GET", &lines, *verdict), false).await;
        }
        check(&api, "/page", &(name, "GET", &lines, *verdict), true).await;
    }
}

/// RFC 8441: HTTP/2 opens a websocket with `CONNECT`.
#[tokio::test]
async fn a_websocket_over_http_2_is_judged_by_its_origin() {
    let api = Api::new(server());
    for (name, lines, verdict) in HANDSHAKES {
        let lines = [&[("sec-websocket-version", "13")], *lines].concat();
        let token = cookie(&good());
        let lines = [&lines[..], &[("cookie", token.as_str())]].concat();
        let mut request = request("CONNECT", "https://api.example.com/items", &lines);
        *request.version_mut() = axum::http::Version::HTTP_2;
        let code = code(&api.router, request).await;
        let expected = (*verdict == Refused).then_some("cross_site_request");
        assert_eq!(code.as_deref(), expected, "{name}");
    }
}

/// A token in the header is not attached by a browser, so its request needs no evidence.
#[tokio::test]
async fn a_token_in_the_header_needs_no_evidence() {
    let api = Api::new(server());
    let bearer = format!("Bearer {}", good());
    for (name, method, lines, _) in ROWS {
        for path in API {
            let lines = [lines, &[("authorization", bearer.as_str())][..]].concat();
            let code = code(&api.router, request(method, path, &lines)).await;
            assert_eq!(code, None, "{method} {path}: {name}");
        }
    }
}

/// A request without a credential is not a cross-site request: a sign-in helps.
#[tokio::test]
async fn a_request_without_the_cookie_is_a_missing_token() {
    let api = Api::new(server());
    let lines = [CROSS_SITE, EVIL, ("cookie", "other=1; __Host-token=")];
    for path in API {
        let code = code(&api.router, request("POST", path, &lines)).await;
        assert_eq!(code.as_deref(), Some("missing_token"), "{path}");
    }
}

async fn verdicts(server: ResourceServer, rows: &[Row<'_>]) {
    let api = Api::new(server);
    for row in rows {
        check(&api, "/items", row, false).await;
    }
}

#[tokio::test]
async fn a_configured_origin_may_use_the_cookie() {
    let app: Line<'_> = ("origin", "https://app.example.com");
    let local: Line<'_> = ("origin", "http://localhost:5173");
    let builder = fixed().token_cookie("__Host-token");
    let server = builder
        .token_cookie_origin("https://app.example.com")
        .token_cookie_origin("http://localhost:5173")
        .build();
    let handshake = |line| [&HANDSHAKE[..], &[line]].concat();
    let (good, bad) = (handshake(app), handshake(EVIL));
    verdicts(
        server.unwrap(),
        &[
            ("fetch", "POST", &[app, SAME_SITE, CORS, EMPTY], Admitted),
            ("fetch", "GET", &[app, SAME_SITE, CORS, EMPTY], Admitted),
            ("fetch", "DELETE", &[local, CROSS_SITE, CORS, EMPTY], Admitted),
            ("old browser", "POST", &[app], Admitted),
            ("websocket", "GET", &good, Admitted),
            ("own page", "POST", &[OWN, SAME_ORIGIN], Admitted),
            ("own page, old browser", "POST", &[OWN], Admitted),
            ("image", "GET", &[SAME_SITE, NO_CORS, IMAGE], Refused),
            ("link", "GET", &[SAME_SITE, NAVIGATE, DOCUMENT], Refused),
            ("websocket on another site", "GET", &bad, Refused),
            ("two origins", "POST", &[app, app], Refused),
            ("two sites", "POST", &[app, SAME_SITE, SAME_SITE], Refused),
            ("http", "POST", &[("origin", "http://app.example.com")], Refused),
            ("port", "POST", &[("origin", "https://app.example.com:8443")], Refused),
            ("prefix", "POST", &[("origin", "https://app.example.com.evil.example")], Refused),
            ("case", "POST", &[("origin", "https://APP.example.com")], Refused),
            ("slash", "POST", &[("origin", "https://app.example.com/")], Refused),
        ],
    )
    .await;
}

/// A proxy may change `Host`, so a configured address of the API is the own origin.
#[tokio::test]
async fn the_public_url_is_the_own_origin() {
    let builder = fixed().token_cookie("__Host-token");
    let server = builder.public_url("https://gateway.example.com/v1").build().unwrap();
    let gateway: Line<'_> = ("origin", "https://gateway.example.com");
    verdicts(
        server,
        &[
            ("own page", "POST", &[gateway], Admitted),
            ("own page", "POST", &[gateway, SAME_ORIGIN], Admitted),
            ("the address behind the proxy", "POST", &[OWN], Refused),
            ("another port", "POST", &[("origin", "https://gateway.example.com:8443")], Refused),
        ],
    )
    .await;
}

/// The pages of an http origin are trusted on this machine only.
#[tokio::test]
async fn loopback_has_pages_over_http() {
    for (host, origin, verdict) in [
        ("localhost:4000", "http://localhost:4000", Admitted),
        ("app.localhost:4000", "http://app.localhost:4000", Admitted),
        ("127.0.0.1:4000", "http://127.0.0.1:4000", Admitted),
        ("[::1]:4000", "http://[::1]:4000", Admitted),
        ("localhost:4000", "https://localhost:4000", Admitted),
        ("localhost:4000", "http://localhost:5002", Refused),
        ("localhost:4000", "http://127.0.0.1:4000", Refused),
        ("app.localhost:4000", "http://evil.app.localhost:4000", Refused),
        ("localhost", "http://localhost.evil.example", Refused),
        ("notlocalhost", "http://notlocalhost", Refused),
        ("10.0.0.1", "http://10.0.0.1", Refused),
    ] {
        let row: Row<'_> = (host, "POST", &[("host", host), ("origin", origin)], verdict);
        verdicts(server(), &[row]).await;
    }
}

/// `:authority` of HTTP/2 and `Host` must agree, because the origin is compared with one of them.
#[tokio::test]
async fn the_own_host_is_unambiguous() {
    let api = Api::new(server());
    let token = cookie(&good());
    let cases: &[(&str, &[Line<'_>], Verdict)] = &[
        ("https://api.example.com/items", &[], Admitted),
        ("https://api.example.com/items", &[("host", "API.example.com")], Admitted),
        ("https://api.example.com/items", &[("host", "evil.example")], Refused),
        ("https://evil.example/items", &[("host", "api.example.com")], Refused),
        ("/items", &[("host", "api.example.com"), ("host", "api.example.com")], Refused),
    ];
    for (target, lines, verdict) in cases {
        let lines = [lines, &[OWN, ("cookie", token.as_str())][..]].concat();
        let code = code(&api.router, request("POST", target, &lines)).await;
        let expected = (*verdict == Refused).then_some("cross_site_request");
        assert_eq!(code.as_deref(), expected, "{target} {lines:?}");
    }
}
