use proptest::prelude::*;

use super::*;

fn base(public_url: &str) -> BaseUri {
    BaseUri::of_public_url(&public_url.parse().unwrap())
}

#[test]
fn an_equivalent_uri_is_the_target() {
    for (public_url, path, htu) in [
        ("https://api.example.com", "/items", "https://api.example.com/items"),
        ("https://api.example.com/", "/items", "https://api.example.com/items"),
        ("https://api.example.com", "/items", "https://api.example.com/items?x=1&y=/z"),
        ("https://api.example.com", "/items", "https://api.example.com/items#a?b"),
        ("https://api.example.com", "/items", "HTTPS://API.Example.COM/items"),
        ("https://api.example.com", "/items", "https://api.example.com:443/items"),
        ("https://api.example.com", "/items", "https://api.example.com:/items"),
        ("http://127.0.0.1", "/items", "http://127.0.0.1:80/items"),
        ("http://[::1]:3000", "/items", "http://[::1]:3000/items"),
        ("https://api.example.com", "/items", "https://%61pi.example.com/items"),
        ("https://api.example.com", "/", "https://api.example.com"),
        ("https://api.example.com", "/", "https://api.example.com?x"),
        ("https://api.example.com", "", "https://api.example.com/"),
        ("https://api.example.com", "/~a", "https://api.example.com/%7ea"),
        ("https://api.example.com", "/%7Ea", "https://api.example.com/~a"),
        ("https://api.example.com", "/a%2fb", "https://api.example.com/a%2Fb"),
        ("https://api.example.com", "/a/./b/../c", "https://api.example.com/a/%2e/b/../c"),
        ("https://api.example.com", "/a/c", "https://api.example.com/a/%2E%2e/a/c"),
        ("https://api.example.com", "/a/", "https://api.example.com/a/b/.."),
        ("https://api.example.com", "/a/", "https://api.example.com/a/."),
        ("https://api.example.com", "/", "https://api.example.com/../.."),
        ("https://api.example.com", "/100%", "https://api.example.com/100%"),
        ("https://api.example.com/v1", "/items", "https://api.example.com/v1/items"),
        ("https://api.example.com/v1/", "/items", "https://api.example.com/v1/items"),
        ("https://api.example.com/v1", "/", "https://api.example.com/v1/"),
        ("https://api.example.com/%7ea", "/items", "https://api.example.com/~a/items"),
    ] {
        assert!(base(public_url).is_target(htu, path), "{public_url} {path} {htu}");
    }
}

#[test]
fn another_uri_is_not_the_target() {
    for (public_url, path, htu) in [
        ("https://api.example.com", "/items", ""),
        ("https://api.example.com", "/items", "/items"),
        ("https://api.example.com", "/items", "api.example.com/items"),
        ("https://api.example.com", "/items", "//api.example.com/items"),
        ("https://api.example.com", "/items", "http://api.example.com/items"),
        ("https://api.example.com", "/items", "ftp://api.example.com/items"),
        ("https://api.example.com", "/items", "https://api.example.com.evil/items"),
        ("https://api.example.com", "/items", "https://evil@api.example.com/items"),
        ("https://api.example.com", "/items", "https://evil%40api.example.com/items"),
        ("https://api.example.com", "/items", "https://api.example.com:8443/items"),
        ("https://api.example.com", "/items", "https://api.example.com:80/items"),
        ("https://api.example.com", "/items", "https://api.example.com:0443/items"),
        ("https://api.example.com", "/items", "https://api.example.com:44x/items"),
        ("https://api.example.com", "/items", "https://api.example.com:443:443/items"),
        ("https://api.example.com", "/items", "https://[api.example.com]/items"),
        ("https://api.example.com", "/items", "https://api.example.com/items/"),
        ("https://api.example.com", "/items", "https://api.example.com/Items"),
        ("https://api.example.com", "/items", "https://api.example.com//items"),
        ("https://api.example.com", "/items", "https://api.example.com/items/x"),
        ("https://api.example.com", "/items", "https://api.example.com/items%2F"),
        ("https://api.example.com", "/items", "https://api.example.com/items;a"),
        ("https://api.example.com", "/items", "https://api.example.com"),
        ("https://api.example.com", "/items", "https://api.example.com\\items"),
        ("https://api.example.com", "/a/b", "https://api.example.com/a%2Fb"),
        // A router passes the request on to another handler than that of `htu`.
        ("https://api.example.com", "/files/../items", "https://api.example.com/items"),
        ("https://api.example.com", "/files/%2e%2E/items", "https://api.example.com/items"),
        ("https://api.example.com", "/items/.", "https://api.example.com/items/"),
        ("https://api.example.com/v1", "/../admin", "https://api.example.com/admin"),
        ("https://api.example.com", "*", "https://api.example.com*"),
        ("https://api.example.com", "*", "https://api.example.com/*"),
        ("https://api.example.com/v1", "/items", "https://api.example.com/items"),
        ("https://api.example.com/v1", "/v1/items", "https://api.example.com/v1/items"),
        ("https://api.example.com/v1", "/", "https://api.example.com/v1"),
        ("http://[::1]:3000", "/items", "http://[::1]x:3000/items"),
        ("https://api.example.com", "/", "https://"),
    ] {
        assert!(!base(public_url).is_target(htu, path), "{public_url} {path} {htu}");
    }
}

#[test]
fn the_path_of_a_resource_is_not_removed() {
    let base = BaseUri::of_resource(&"https://api.example.com/mcp".parse().unwrap());
    assert!(base.is_target("https://api.example.com/mcp/a", "/mcp/a"));
    assert!(base.is_target("https://api.example.com/notes", "/notes"));
    assert!(!base.is_target("https://api.example.com/mcp/a", "/a"));
}

/// A path with percent-encodings, dot segments and empty segments.
fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        "[a-zA-Z~._-]{0,3}",
        Just(".".to_owned()),
        Just("..".to_owned()),
        Just("%2e".to_owned()),
        "%[0-9a-fA-F]{2}",
        "%[0-9a-zA-Z]?",
    ];
    prop::collection::vec(segment, 0..6).prop_map(|segments| format!("/{}", segments.join("/")))
}

/// Writes some unreserved characters of a path as percent-encodings, in upper or lower case.
fn encode(path: &str, choices: &[u8]) -> String {
    let mut characters = path.chars().zip(choices.iter().cycle());
    let mut written = String::new();
    let mut encoding = 0;
    for (character, choice) in &mut characters {
        // The digits of a percent-encoding are not characters of their own.
        if character == '%' {
            encoding = 3;
        }
        encoding = i32::max(encoding - 1, -1);
        let octet = u32::from(character);
        match choice % 3 {
            1 if encoding < 0 && is_unreserved(character) => {
                written.extend(format!("%{octet:02x}").chars());
            }
            2 if encoding < 0 && is_unreserved(character) => {
                written.extend(format!("%{octet:02X}").chars());
            }
            _ => written.push(character),
        }
    }
    written
}

proptest! {
    #[test]
    fn the_normal_form_of_a_normal_form_is_itself(path in path()) {
        let octets = normal_path(&path);
        prop_assert_eq!(&normal_path(&octets), &octets);
        let normal = without_dot_segments(&octets);
        prop_assert_eq!(&without_dot_segments(&normal), &normal);
        prop_assert!(normal.starts_with('/'), "{}", normal);
        prop_assert!(!normal.split('/').any(|segment| matches!(segment, "." | "..")), "{}", normal);
    }

    /// The URI of each request is its own target, and so is each equivalent one.
    #[test]
    fn encoding_and_dot_segments_do_not_change_the_target(
        path in "(/([a-zA-Z~_-][a-zA-Z~._-]{0,2})?){1,5}", choices in prop::collection::vec(any::<u8>(), 1..9),
        query in "(\\?[a-z/.?]{0,4})?",
    ) {
        let base = base("https://api.example.com/v1");
        let encoded = encode(&path, &choices);
        for htu in [
            format!("https://api.example.com/v1{path}{query}"),
            format!("https://api.example.com/v1{encoded}{query}"),
            format!("HTTPS://api.EXAMPLE.com:443/./v1/x/..{encoded}"),
        ] {
            prop_assert!(base.is_target(&htu, &path), "{}", htu);
            let written = format!("https://api.example.com/v1{path}");
            prop_assert!(base.is_target(&written, &encoded), "{}", encoded);
        }
    }

    /// The comparison without normalization accepts nothing that the normal forms distinguish.
    #[test]
    fn two_paths_are_one_target_only_if_their_normal_forms_are_equal(one in path(), other in path()) {
        let htu = format!("https://api.example.com{other}");
        let (requested, written) = (normal_path(&one), normal_path(&other));
        let has_dots = without_dot_segments(&requested) != requested;
        let equal = without_dot_segments(&requested) == without_dot_segments(&written)
            && (!has_dots || requested == written);
        prop_assert_eq!(base("https://api.example.com").is_target(&htu, &one), equal);
    }

    /// Arbitrary texts are judged without a panic.
    #[test]
    fn any_text_is_judged(htu in ".{0,40}", path in "/.{0,20}") {
        base("https://api.example.com").is_target(&htu, &path);
    }
}
