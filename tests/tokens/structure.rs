//! Tests text that is not a well-formed token.

use axum_protected_tests::{compact, encode};
use serde_json::Value;

use super::{ISSUER, check, good, server};

const HEADER: &str = r#"{"alg":"RS256","typ":"at+jwt"}"#;

fn claims() -> String {
    format!(r#"{{"iss":"{ISSUER}","aud":"https://api.example.com","exp":4000000000}}"#)
}

#[tokio::test]
async fn three_parts_of_strict_base64url() {
    let token = good().sign();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else { panic!("{token}") };
    let opaque = "a".repeat(40);
    let mut texts = vec![
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        opaque,
        (*header).to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}..{signature}"),
        format!(".{payload}.{signature}"),
        format!(".{token}"),
        format!("{token}."),
        format!("{token}.{signature}"),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{{\"payload\":\"{payload}\"}}"),
        format!("{token}{}", "A".repeat(16 * 1024)),
    ];
    for (index, part) in parts.iter().enumerate() {
        for broken in [
            format!("{part}="),
            format!("{part}=="),
            format!("{part}+"),
            format!("{part}/"),
            format!("{part} "),
            format!("{part}\r\n"),
            format!("{part}%41"),
            format!("{part}\u{e4}"),
        ] {
            let mut parts = parts.clone();
            parts[index] = &broken;
            texts.push(parts.join("."));
        }
    }
    check(
        &server(),
        texts.into_iter().map(|text| {
            // A token with an empty signature has an invalid signature.
            let unsigned = text.ends_with('.') && text.matches('.').count() == 2 && text.len() > 2;
            let code = if unsigned { "invalid_signature" } else { "malformed_token" };
            (text.clone(), text, code)
        }),
    )
    .await;
    check(&server(), [("as it is".to_owned(), token, "ok")]).await;
}

/// The last base64url character of a 64-byte signature has four unused bits, which must be zero.
#[tokio::test]
async fn a_token_has_one_spelling() {
    let token = good().algorithm(axum_protected::Algorithm::ES256).sign();
    let (rest, last) = token.split_at(token.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let cases = alphabet.chars().map(|other| {
        let code = match other.to_string() == last {
            true => "ok",
            // A character whose value is a multiple of 16 has no unused bits set, but it changes
            // the signature.
            false if alphabet.find(other).unwrap() % 16 == 0 => "invalid_signature",
            false => "malformed_token",
        };
        (other.to_string(), format!("{rest}{other}"), code)
    });
    check(&server(), cases).await;
}

#[tokio::test]
async fn each_part_is_one_strict_json_object() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000 / 20), "]".repeat(100_000 / 20));
    let broken: &[&[u8]] = &[
        b"",
        b"null",
        b"true",
        b"7",
        b"\"text\"",
        b"[]",
        b"[{}]",
        b"{",
        b"{\"alg\":\"RS256\"",
        b"{\"alg\":\"RS256\",}",
        b"{\"alg\":\"RS256\"} {}",
        b"{\"alg\":\"RS256\"}x",
        b"{'alg':'RS256'}",
        b"{alg:\"RS256\"}",
        b"{\"alg\":\"RS256\",\"a\":NaN}",
        b"{\"alg\":\"RS256\",\"a\":01}",
        b"{\"alg\":\"RS256\",\"a\":\"\x01\"}",
        b"{\"alg\":\"RS256\",\"a\":\"\\uDEAD\"}",
        b"{\"alg\":\"RS256\",\"a\":\"\xff\"}",
        b"{\"alg\":\"RS256\",\"a\":\"\xc0\xaf\"}",
        b"\xef\xbb\xbf{\"alg\":\"RS256\"}",
        b"\xff\xfe{\0}\0",
        deep.as_bytes(),
    ];
    let cases = broken.iter().flat_map(|part| {
        let name = String::from_utf8_lossy(part.get(..40).unwrap_or(part)).into_owned();
        [
            (format!("header {name}"), compact(part, claims()), "malformed_token"),
            (format!("payload {name}"), compact(HEADER, part), "malformed_token"),
        ]
    });
    check(&server(), cases).await;
    // If both parts are well-formed, the server refuses only the signature.
    let whole = ("whole".to_owned(), compact(HEADER, claims()), "unsuitable_key");
    let one_key = axum_protected::Issuer::new(ISSUER).jwks(rsa_only());
    let server = axum_protected_tests::trusting(one_key).build().unwrap();
    let named = (whole.0, whole.1, "invalid_signature");
    check(&server, [named]).await;
}

fn rsa_only() -> Value {
    let mut set = axum_protected_tests::keys().jwks();
    set["keys"].as_array_mut().unwrap().truncate(1);
    set
}

#[tokio::test]
async fn no_member_may_appear_twice() {
    let twice = |object: &str, name: &str, value: &str| {
        let rest = object.strip_prefix('{').unwrap();
        format!("{{\"{name}\":{value},\"{name}\":{value},{rest}")
    };
    let escaped = |object: &str| {
        let rest = object.strip_prefix('{').unwrap();
        format!("{{\"\\u0061lg\":1,\"\\u0061ud\":1,\"ki\\u0064\":1,\"kid\":1,\"aud\":1,{rest}")
    };
    let mut cases = Vec::new();
    for name in ["alg", "kid", "crit", "typ", "x"] {
        let token = compact(twice(HEADER, name, "\"RS256\""), claims());
        cases.push((format!("header {name}"), token, "malformed_token"));
    }
    for name in ["iss", "aud", "exp", "scope", "cnf", "sub", "x"] {
        let token = compact(HEADER, twice(&claims(), name, "\"x\""));
        cases.push((format!("claim {name}"), token, "malformed_token"));
    }
    let nested = claims().replacen('{', r#"{"x":{"a":[{"b":1,"b":2}]},"#, 1);
    cases.push(("nested".to_owned(), compact(HEADER, nested), "malformed_token"));
    let header = compact(escaped(HEADER), claims());
    cases.push(("escaped header".to_owned(), header, "malformed_token"));
    let payload = compact(HEADER, escaped(&claims()));
    cases.push(("escaped claim".to_owned(), payload, "malformed_token"));
    check(&server(), cases).await;
}

#[tokio::test]
async fn an_encrypted_token_is_named_as_such() {
    let header = encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
    for token in [format!("{header}.AAAA.AAAA.AAAA.AAAA"), "....".to_owned()] {
        check(&server(), [(token.clone(), token, "encrypted_token")]).await;
    }
}

#[tokio::test]
async fn the_signature_covers_every_octet() {
    let token = good().algorithm(axum_protected::Algorithm::ES256).sign();
    let other = good().algorithm(axum_protected::Algorithm::ES256).subject("bob").sign();
    let parts: Vec<&str> = token.split('.').collect();
    let others: Vec<&str> = other.split('.').collect();
    let spliced = [parts[0], others[1], parts[2]].join(".");
    let zeros = [parts[0], parts[1], &encode([0; 64])].join(".");
    let short = [parts[0], parts[1], &encode([7; 63])].join(".");
    let long = [parts[0], parts[1], &encode([7; 65])].join(".");
    let huge = [parts[0], parts[1], &encode([7; 4096])].join(".");
    let cases = [spliced, zeros, short, long, huge]
        .map(|token| (token.clone(), token, "invalid_signature"));
    check(&server(), cases).await;
    check(&server(), [("as it is".to_owned(), token, "ok")]).await;
}

/// A token may have many members and long texts if the whole token is not too long.
#[tokio::test]
async fn unknown_members_are_ignored() {
    let claims = [
        ("a", Value::Null),
        ("b", 1.5.into()),
        ("c", vec![1, 2].into()),
        ("d", serde_json::json!({ "e": { "f": [] } })),
        ("g", "x".repeat(4000).into()),
        ("", "empty".into()),
        ("AUD", "https://evil.example.com".into()),
        ("Exp", 1.into()),
    ];
    let mut token = good().header("x-1", 1).header("b64", true).header("cty", "json");
    for (name, value) in claims {
        token = token.claim(name, value);
    }
    for number in 0..100 {
        token = token.claim(&format!("n{number}"), number);
    }
    check(&server(), [("much".to_owned(), token.sign(), "ok")]).await;
    // The server compares names of claims exactly, after it has resolved JSON escapes.
    let look_alike = good().without("aud").claim("AUD", axum_protected_tests::AUDIENCE);
    let cyrillic = good().without("aud").claim("\u{430}ud", axum_protected_tests::AUDIENCE);
    let cases = [look_alike, cyrillic].map(|token| (String::new(), token.sign(), "missing_claim"));
    check(&server(), cases).await;
}
