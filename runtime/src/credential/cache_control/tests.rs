use http::HeaderName;
use proptest::prelude::*;

use super::*;

/// Returns the lines of `Cache-Control` of a response that had these lines.
fn made_private(lines: &[&str]) -> Vec<String> {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(CACHE_CONTROL, HeaderValue::from_bytes(line.as_bytes()).unwrap());
    }
    make_private(&mut headers);
    let lines = headers.get_all(CACHE_CONTROL).iter();
    lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned()).collect()
}

#[test]
fn a_response_is_kept_out_of_shared_caches() {
    let cases: &[(&[&str], &[&str])] = &[
        // Nothing is said.
        (&[], &["no-store"]),
        (&[""], &["no-store"]),
        (&[" , ,"], &["no-store"]),
        // It is private already, and the application's lines stay as they are.
        (&["no-store"], &["no-store"]),
        (&["private"], &["private"]),
        (&["PRIVATE, Max-Age=60"], &["PRIVATE, Max-Age=60"]),
        (&["max-age=60", "no-store"], &["max-age=60", "no-store"]),
        (&["no-cache,,no-store"], &["no-cache,,no-store"]),
        // It says something else.
        (&["max-age=60"], &["private, max-age=60"]),
        (&["no-cache"], &["private, no-cache"]),
        (&["must-revalidate", "max-age=0"], &["private, must-revalidate, max-age=0"]),
        (&["public"], &["private"]),
        (&["Public, max-age=600"], &["private, max-age=600"]),
        (&["s-maxage=600, max-age=60"], &["private, max-age=60"]),
        (&["S-MaxAge=600"], &["private"]),
        (&["public", "s-maxage=600", "immutable"], &["private, immutable"]),
        (&["public=x, s-maxage"], &["private"]),
        // It contradicts itself.
        (&["no-store, public"], &["no-store"]),
        (&["private, s-maxage=600, max-age=60"], &["private, max-age=60"]),
        // `private` with an argument keeps only some headers out of a shared cache.
        (&["private=\"set-cookie\", max-age=60"], &["private, max-age=60"]),
        (&["private=\"set-cookie, x\", private"], &["private"]),
        // A directive inside an argument is not a directive.
        (&["ext=\"no-store, private\""], &["private, ext=\"no-store, private\""]),
        (&["ext=\"\\\", no-store\""], &["private, ext=\"\\\", no-store\""]),
        (&["no-storex, xprivate"], &["private, no-storex, xprivate"]),
        // It is malformed.
        (&["private; max-age=60"], &["no-store"]),
        (&["max-age = 60"], &["no-store"]),
        (&["max-age="], &["no-store"]),
        (&["=private"], &["no-store"]),
        (&["ext=\"private"], &["no-store"]),
        (&["ext=\"a\\\""], &["no-store"]),
        (&["ext=\"a\"b\", private"], &["no-store"]),
        (&["ext=\"a\"b\"c\""], &["no-store"]),
        (&["private public"], &["no-store"]),
        (&["\u{e9}"], &["no-store"]),
        (&["private", "max-age=\""], &["no-store"]),
        (&["no-store=x"], &["private, no-store=x"]),
    ];
    for (lines, expected) in cases {
        assert_eq!(made_private(lines), *expected, "{lines:?}");
    }
}

#[test]
fn other_headers_stay() {
    let name = HeaderName::from_static("x-other");
    let mut headers = HeaderMap::from_iter([(name.clone(), HeaderValue::from_static("public"))]);
    make_private(&mut headers);
    assert_eq!(headers[name], "public");
    assert_eq!(headers.len(), 2);
}

proptest! {
    /// The result never permits a shared cache to store the response, and a second layer changes
    /// nothing.
    #[test]
    fn no_value_stays_public(
        lines in prop::collection::vec(
            prop::collection::vec(
                prop::sample::select(vec![
                    "public", "private", "no-store", "s-maxage=1", "max-age=1", "private=\"a\"",
                    "x", "=", "\"", "\\", ",", ", ", " ", ";",
                ]),
                0..6,
            ),
            0..3,
        )
    ) {
        let lines: Vec<_> = lines.iter().map(|pieces| pieces.concat()).collect();
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let result = made_private(&lines);
        let joined = result.join(", ");
        let unquoted: String = joined.split('"').step_by(2).collect();
        let names: Vec<_> = unquoted.split(',').map(str::trim).collect();
        prop_assert!(names.contains(&"no-store") || names.contains(&"private"), "{}", joined);
        let is_shared = |name: &&str| *name == "public" || name.starts_with("s-maxage=");
        prop_assert!(!names.iter().any(is_shared), "{}", joined);
        let again: Vec<_> = result.iter().map(String::as_str).collect();
        prop_assert_eq!(made_private(&again), again);
    }
}
