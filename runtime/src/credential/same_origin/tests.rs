use http::Request;
use proptest::prelude::*;

use super::*;

const OWN: &str = "https://api.example.com";
const FURTHER: &str = "https://app.example.com";

/// A request, and whether its route is a page.
#[derive(Debug, Clone)]
struct Case {
    method: &'static str,
    sites: Vec<&'static str>,
    origins: Vec<&'static str>,
    modes: Vec<&'static str>,
    destinations: Vec<&'static str>,
    opens_websocket: bool,
    is_page: bool,
}

impl Case {
    fn parts(&self) -> Parts {
        let mut request = Request::builder().method(self.method).uri("/").body(()).unwrap();
        let headers = request.headers_mut();
        headers.insert(HOST, HeaderValue::from_static("api.example.com"));
        for (name, values) in [
            (SEC_FETCH_SITE, &self.sites),
            (ORIGIN, &self.origins),
            (SEC_FETCH_MODE, &self.modes),
            (SEC_FETCH_DEST, &self.destinations),
        ] {
            for value in values {
                headers.append(&name, HeaderValue::from_static(value));
            }
        }
        if self.opens_websocket {
            for (name, value) in [
                ("connection", "Upgrade"),
                ("upgrade", "websocket"),
                ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
                ("sec-websocket-version", "13"),
            ] {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        request.into_parts().0
    }

    /// Returns the row of the table that admits the request.
    fn row(&self) -> Option<u8> {
        let [sites, origins] = [&self.sites, &self.origins].map(Vec::as_slice);
        if sites.len() > 1 || origins.len() > 1 {
            return None;
        }
        let is_read = matches!(self.method, "GET" | "HEAD");
        // A handshake has the method `GET` in HTTP/1.1.
        let is_handshake = self.opens_websocket && matches!(self.method, "GET" | "CONNECT");
        let is_navigation = self.method == "GET"
            && self.modes == ["navigate"]
            && self.destinations == ["document"]
            && !is_handshake;
        let rows = [
            (2, origins == [FURTHER]),
            (3, sites == ["same-origin"]),
            (4, sites == ["none"] && is_read && origins.is_empty() && !is_handshake),
            (5, sites.len() == 1 && self.is_page && is_navigation),
            (
                7,
                sites.is_empty()
                    && origins.is_empty()
                    && (is_read || self.method == "OPTIONS")
                    && !is_handshake,
            ),
            (8, sites.is_empty() && origins == [OWN]),
        ];
        rows.into_iter().find_map(|(row, applies)| applies.then_some(row))
    }
}

/// Returns no line, one line or two lines. One line is the most frequent, with the first value, so
/// that requests that a row admits are frequent.
fn lines(values: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![
        4 => Just(values[..1].to_vec()),
        4 => prop::collection::vec(prop::sample::select(values), 0..=2),
    ]
}

const METHODS: &[&str] =
    &["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "get"];
const SITES: &[&str] = &["cross-site", "same-site", "same-origin", "none", "Same-Origin", ""];
const ORIGINS: &[&str] = &[
    OWN,
    FURTHER,
    "null",
    "",
    "https://evil.example",
    "http://api.example.com",
    "https://api.example.com:8443",
    "https://app.example.com.evil.example",
];
const MODES: &[&str] = &["navigate", "cors", "no-cors", "websocket", ""];
const DESTINATIONS: &[&str] = &["document", "iframe", "image", "empty", ""];

fn case() -> impl Strategy<Value = Case> {
    let method = prop_oneof![Just("GET"), prop::sample::select(METHODS)];
    let lines = (lines(SITES), lines(ORIGINS), lines(MODES), lines(DESTINATIONS));
    let flags = (any::<bool>(), any::<bool>());
    (method, lines, flags).prop_map(|(method, lines, flags)| {
        let (sites, origins, modes, destinations) = lines;
        let (opens_websocket, is_page) = flags;
        Case { method, sites, origins, modes, destinations, opens_websocket, is_page }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// A request is admitted exactly if a row of the table admits it, both with a configured own
    /// origin and with that of `Host`.
    #[test]
    fn a_request_is_admitted_only_by_a_row_of_the_table(case in case()) {
        let parts = case.parts();
        for own in [None, Some(OWN.to_owned())] {
            let rule = SameOrigin::new(own, vec![FURTHER.to_owned()]);
            let result = rule.check(&parts, case.is_page);
            prop_assert_eq!(result.is_ok(), case.row().is_some(), "{:?}", case.row());
        }
    }

    /// Without a configured origin, only the host of the request is the own one.
    #[test]
    fn the_own_origin_has_the_host_of_the_request(
        origin in "(https?|HTTPS|wss)://[a-z.]{0,3}(localhost|127\\.0\\.0\\.1|\\[::1\\]|a\\.example)(:[0-9]{1,4})?/?",
        host in "[a-z.]{0,3}(localhost|127\\.0\\.0\\.1|\\[::1\\]|a\\.example)(:[0-9]{1,4})?",
    ) {
        let request = Request::post("/").header(HOST, &host).header(ORIGIN, &origin);
        let (parts, ()) = request.body(()).unwrap().into_parts();
        if SameOrigin::default().check(&parts, true).is_ok() {
            let (scheme, of_origin) = origin.split_once("://").unwrap();
            prop_assert_eq!(of_origin, &host);
            let is_local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host.contains(name));
            prop_assert!(scheme == "https" || (scheme == "http" && is_local), "{}", origin);
        }
    }
}

/// Each row of the table is reached, so that the property above is not empty.
#[test]
fn every_row_admits_a_request() {
    let case = |method, site: &'static str, origin: &'static str| Case {
        method,
        sites: Some(site).into_iter().filter(|site| !site.is_empty()).collect(),
        origins: Some(origin).into_iter().filter(|origin| !origin.is_empty()).collect(),
        modes: vec!["navigate"],
        destinations: vec!["document"],
        opens_websocket: false,
        is_page: true,
    };
    let rule = SameOrigin::new(None, vec![FURTHER.to_owned()]);
    for (case, row) in [
        (case("POST", "cross-site", FURTHER), Some(2)),
        (case("POST", "same-origin", "null"), Some(3)),
        (case("HEAD", "none", ""), Some(4)),
        (case("GET", "cross-site", ""), Some(5)),
        (case("POST", "cross-site", OWN), None),
        (case("OPTIONS", "", ""), Some(7)),
        (case("POST", "", OWN), Some(8)),
        (case("POST", "", "null"), None),
    ] {
        assert_eq!(case.row(), row, "{case:?}");
        assert_eq!(rule.check(&case.parts(), true).is_ok(), row.is_some(), "{case:?}");
    }
}
