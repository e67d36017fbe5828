//! Tests every combination of a key and a token in every place of keys.

use axum_protected::api_key::ApiKeys;
use axum_protected_tests::{App, Call, Log, token};

use super::{ISSUER, entry, fixed, generate, hour_ago, valid_token};

/// The header lines of a credential, and the status and the code of a request with this credential
/// alone. `None` for a request that is granted.
type Case = (&'static str, Vec<Vec<u8>>, Option<(u16, &'static str)>);

/// Returns the cases of a key. `prefix` is what the header value has before the key.
fn key_cases(prefix: &str, valid: &str, expired: &str) -> Vec<Case> {
    let wrong = generate().key().to_owned();
    let other_case = valid.to_lowercase();
    let shorter = &valid[..valid.len() - 1];
    let line = |text: &str| format!("{prefix}{text}").into_bytes();
    let malformed = Some((400, "invalid_request"));
    let unknown = Some((401, "unknown_api_key"));
    vec![
        ("no key", vec![], None),
        ("valid key", vec![line(valid)], None),
        ("wrong key", vec![line(&wrong)], unknown),
        ("key in lower case", vec![line(&other_case)], unknown),
        ("shorter key", vec![line(shorter)], unknown),
        ("expired key", vec![line(expired)], Some((401, "expired_api_key"))),
        ("two words", vec![line(&format!("{valid} {valid}"))], malformed),
        ("joined keys", vec![line(&format!("{valid},{valid}"))], malformed),
        ("key outside ASCII", vec![[&line(valid)[..], b"\xe4"].concat()], malformed),
        ("oversized key", vec![line(&format!("items_{}", "a".repeat(1000)))], malformed),
        ("empty key", vec![line("")], malformed),
        ("doubled key", vec![line(valid), line(valid)], malformed),
        ("valid and wrong key", vec![line(valid), line(&wrong)], malformed),
        ("valid and empty key", vec![line(valid), line("")], malformed),
        ("empty and valid key", vec![line(""), line(valid)], malformed),
    ]
}

fn token_cases() -> Vec<Case> {
    let valid = valid_token();
    let expired = token(ISSUER).expired().sign();
    let line = |text: &str| format!("Bearer {text}").into_bytes();
    let malformed = Some((400, "invalid_request"));
    vec![
        ("no token", vec![], None),
        ("valid token", vec![line(&valid)], None),
        ("wrong token", vec![line("abc")], Some((401, "malformed_token"))),
        ("expired token", vec![line(&expired)], Some((401, "expired_token"))),
        ("empty token", vec![line("")], malformed),
        ("empty line", vec![Vec::new()], malformed),
        ("malformed token", vec![line("a b")], malformed),
        ("token and empty line", vec![line(&valid), Vec::new()], malformed),
        ("doubled token", vec![line(&valid), line(&valid)], malformed),
        ("another scheme", vec![b"Basic YTpi".to_vec()], Some((401, "missing_token"))),
    ]
}

/// Sends each combination to a server that has keys in this place. `name` and `prefix` are the
/// header of a key and the text before the key.
async fn test_place(place: fn(ApiKeys) -> ApiKeys, name: &str, prefix: &str) {
    let (valid, expired) = (generate(), generate());
    let keys = place(ApiKeys::new())
        .key(entry(valid.key()))
        .key(entry(expired.key()).expires_at(hour_ago()));
    let app = App::serve(fixed().api_keys(keys).build().unwrap()).await;
    let (log, _guard) = Log::open();
    let cases = key_cases(prefix, valid.key(), expired.key());
    for (key_name, key_lines, key_alone) in cases {
        for (token_name, token_lines, token_alone) in token_cases() {
            let call = key_lines
                .iter()
                .fold(Call::get("/api/items"), |call, line| call.header(name, line));
            let call =
                token_lines.iter().fold(call, |call, line| call.header("Authorization", line));
            let expected = match (key_lines.is_empty(), token_lines.is_empty()) {
                (true, true) => Some((401, "missing_token")),
                (false, false) => Some((400, "invalid_request")),
                (false, true) => key_alone,
                (true, false) => token_alone,
            };
            println!("{name} {prefix}: {key_name}, {token_name}");
            match expected {
                None => drop(app.grants(&call).await),
                Some((status, code)) => drop(app.refuses(&call, status, code).await),
            }
        }
    }
    for secret in [valid.key(), expired.key(), &valid.digest().to_string()] {
        assert!(!log.text().contains(secret), "the log has a key or a digest");
    }
}

#[tokio::test]
async fn a_key_in_the_usual_header_is_exclusive() {
    test_place(|keys| keys, "X-API-Key", "").await;
}

#[tokio::test]
async fn a_key_in_a_chosen_header_is_exclusive() {
    test_place(|keys| keys.header("Acme-Key"), "acme-key", "").await;
}

#[tokio::test]
async fn a_key_with_a_scheme_is_exclusive() {
    test_place(|keys| keys.scheme("ApiKey"), "Authorization", "ApiKey ").await;
    test_place(|keys| keys.scheme("ApiKey"), "Authorization", "aPIkEY   ").await;
}

#[tokio::test]
async fn a_key_as_a_bearer_token_is_exclusive() {
    test_place(|keys| keys.bearer_prefix("items"), "Authorization", "Bearer ").await;
}

/// Tokens in a place of their own and keys exclude each other too.
#[tokio::test]
async fn keys_and_tokens_in_other_places_are_exclusive() {
    type Place = fn(ApiKeys) -> ApiKeys;
    let key = generate();
    let places: [(Place, &str, String); 3] = [
        (|keys| keys, "X-API-Key", key.key().to_owned()),
        (|keys| keys.scheme("ApiKey"), "Authorization", format!("ApiKey {}", key.key())),
        (|keys| keys.bearer_prefix("items"), "Authorization", format!("Bearer {}", key.key())),
    ];
    for (place, name, value) in places {
        for (builder, token_name, scheme) in [
            (fixed().token_scheme("Token"), "Authorization", "Token "),
            (fixed().token_header("X-Token"), "X-Token", ""),
        ] {
            let keys = place(ApiKeys::new()).key(entry(key.key()));
            let app = App::serve(builder.api_keys(keys).build().unwrap()).await;
            let token = format!("{scheme}{}", valid_token());
            let with_key = Call::get("/api/items").header(name, &value);
            let with_token = Call::get("/api/items").header(token_name, &token);
            println!("{name} {token_name}");
            app.grants(&with_key).await;
            app.grants(&with_token).await;
            // The challenge has the scheme of tokens.
            let answer = with_key.header(token_name, &token).send(app.address).await;
            assert_eq!((answer.status, &answer.value()["code"]), (400, &"invalid_request".into()));
        }
    }
}

/// A key has no effect in a place that is not configured, and a token does not become a key.
#[tokio::test]
async fn a_server_has_one_place_for_keys() {
    let key = generate();
    let places: [fn(ApiKeys) -> ApiKeys; 4] = [
        |keys| keys,
        |keys| keys.header("Acme-Key"),
        |keys| keys.scheme("ApiKey"),
        |keys| keys.bearer_prefix("items"),
    ];
    let calls = [
        ("X-API-Key", key.key().to_owned()),
        ("Acme-Key", key.key().to_owned()),
        ("Authorization", format!("ApiKey {}", key.key())),
        ("Authorization", format!("Bearer {}", key.key())),
    ];
    for (own, place) in places.into_iter().enumerate() {
        let keys = place(ApiKeys::new()).key(entry(key.key()));
        let app = App::serve(fixed().api_keys(keys).build().unwrap()).await;
        for (index, (name, value)) in calls.iter().enumerate() {
            let call = Call::get("/api/items").header(name, value);
            if index == own {
                app.grants(&call).await;
                // The other places do not carry credentials, so the token beside them is the only
                // credential, except in `Authorization`.
            } else {
                let code = if index == 3 { "malformed_token" } else { "missing_token" };
                app.refuses(&call, 401, code).await;
            }
        }
    }
    // Without API keys the header has no meaning.
    let app = App::serve(fixed().build().unwrap()).await;
    let call = Call::get("/api/items").header("X-API-Key", key.key());
    app.refuses(&call, 401, "missing_token").await;
    app.grants(&call.bearer(&valid_token())).await;
}
