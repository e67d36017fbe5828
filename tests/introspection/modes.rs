//! Tests about which tokens the server asks, and whom.

use axum_protected::introspection::Mode;
use axum_protected::{Issuer, RefusalKind, ResourceServer};
use axum_protected_tests::{App, Call, compact, keys, token, trusting};
use serde_json::json;

use super::double::ISSUER;
use super::{Double, active, issuer, present, refused, settings, with};

const PARTNER: &str = "https://partner.example.com";

/// Returns an issuer with keys and this mode.
fn with_keys(mode: Mode) -> Issuer {
    let settings = settings().endpoint("https://id.example.com/introspect").mode(mode);
    Issuer::new(ISSUER).jwks(keys().jwks()).introspection(settings)
}

fn server(double: &Double, issuer: Issuer) -> ResourceServer {
    trusting(issuer).fetch(double.clone()).build().unwrap()
}

#[tokio::test]
async fn an_issuer_without_keys_is_asked_about_every_token() {
    let double = Double::default();
    let server = double.server().build().unwrap();
    let jwt = token(ISSUER).scope("items:read").sign();
    // Without the answer of the issuer, a valid signature has no meaning.
    assert_eq!(refused(&server, &jwt).await, RefusalKind::InactiveToken);
    let unreadable = compact(r#"{"alg":"none"}"#, "not JSON");
    let others = ["opaque", "a.b.c", "a.b.c.d.e", "..", "eyJhbGciOiJub25lIn0", &unreadable];
    for text in others {
        double.answer(text, active(ISSUER));
        assert!(present(&server, text).await.is_ok(), "{text}");
        assert_eq!(double.count(text), 1, "{text}");
    }
    // Of a JWT too, only the answer counts.
    let forged =
        compact(r#"{"alg":"RS256"}"#, r#"{"iss":"https://other.example.com","sub":"eve"}"#);
    double.answer(&forged, active(ISSUER));
    assert_eq!(present(&server, &forged).await.unwrap().subject(), Some("alice"));
}

#[tokio::test]
async fn with_keys_only_opaque_tokens_are_asked_about() {
    let double = Double::default();
    let server = server(&double, with_keys(Mode::Opaque));
    double.answer_others(active(ISSUER));
    assert!(present(&server, &token(ISSUER).sign()).await.is_ok());
    assert_eq!(double.total(), 0);
    let header = r#"{"alg":"RS256","kid":"x"}"#;
    for (text, kind) in [
        (compact(header, r#"{"iss":"https://id.example.com"}"#), RefusalKind::MissingClaim),
        (compact(header, "not JSON"), RefusalKind::MalformedToken),
        (compact("{}", "{}"), RefusalKind::MissingClaim),
        (axum_protected_tests::encode(header), RefusalKind::MalformedToken),
        (format!("{}.a.b.c.d", axum_protected_tests::encode(header)), RefusalKind::EncryptedToken),
        (token("https://other.example.com").sign(), RefusalKind::UnknownIssuer),
        (token(ISSUER).expired().sign(), RefusalKind::Expired),
    ] {
        assert_eq!(refused(&server, &text).await, kind, "{text}");
    }
    assert_eq!(double.total(), 0);
    for text in ["opaque", "a.b.c", "a.b.c.d.e", "W10.e30.", "eyJhIjoxLCJhIjoyfQ.e30."] {
        assert!(present(&server, text).await.is_ok(), "{text}");
        assert_eq!(double.count(text), 1, "{text}");
    }
}

#[tokio::test]
async fn a_setting_for_keys_decides_the_default_mode() {
    let endpoint = || settings().endpoint("https://id.example.com/introspect");
    let mode = |issuer: Issuer| {
        let server = trusting(issuer.introspection(endpoint())).build().unwrap();
        let issuer = &server.configuration().issuers[0];
        (issuer.introspection.as_ref().unwrap().mode, issuer.keys.clone())
    };
    assert_eq!(mode(Issuer::new(ISSUER)), ("only", "introspection".to_owned()));
    let metadata = Issuer::new(ISSUER).metadata_url("https://id.example.com/metadata");
    assert_eq!(mode(metadata), ("only", "introspection".to_owned()));
    assert_eq!(mode(Issuer::new(ISSUER).jwks(keys().jwks())), ("opaque", "jwks".to_owned()));
    let fetched = Issuer::new(ISSUER).jwks_uri("https://id.example.com/keys");
    assert_eq!(mode(fetched).0, "opaque");
    let seeded = Issuer::new(ISSUER).seed_jwks(keys().jwks());
    assert_eq!(mode(seeded).0, "opaque");
}

#[tokio::test]
async fn without_introspection_an_opaque_token_is_malformed() {
    let server = trusting(Issuer::new(ISSUER).jwks(keys().jwks())).build().unwrap();
    for text in ["opaque", "a.b.c"] {
        assert_eq!(refused(&server, text).await, RefusalKind::MalformedToken);
    }
}

#[tokio::test]
async fn a_jwt_of_another_issuer_goes_to_the_keys_of_that_issuer() {
    let double = Double::default();
    let partner = Issuer::new(PARTNER).jwks(keys().jwks());
    let server = double.server().issuer(partner).build().unwrap();
    let of_partner = token(PARTNER).sign();
    assert_eq!(present(&server, &of_partner).await.unwrap().issuer(), PARTNER);
    assert_eq!(double.total(), 0);
    let forged = compact(r#"{"alg":"RS256"}"#, json!({ "iss": PARTNER }).to_string());
    assert_eq!(refused(&server, &forged).await, RefusalKind::MissingClaim);
    assert_eq!(double.total(), 0);
    double.answer("opaque", active(ISSUER));
    assert_eq!(present(&server, "opaque").await.unwrap().issuer(), ISSUER);
    // An answer never names another issuer of the server.
    double.answer("confused", active(PARTNER));
    assert_eq!(refused(&server, "confused").await, RefusalKind::UnknownIssuer);
}

#[tokio::test]
async fn a_second_issuer_is_never_asked() {
    let (one, other) = (Double::default(), Double::default());
    let (served, second) = (one.serve().await, other.serve().await);
    let always = settings().endpoint(format!("{}/introspect", second.url)).mode(Mode::Always);
    let second_issuer = Issuer::new(&second.url).jwks(keys().jwks()).introspection(always);
    let server = trusting(issuer(&served.url)).issuer(second_issuer).build().unwrap();
    other.answer_others(active(&second.url));
    assert_eq!(refused(&server, "opaque").await, RefusalKind::InactiveToken);
    assert_eq!((one.total(), other.total()), (1, 0));
    let jwt = token(&second.url).claim("client_id", "web").subject("alice").sign();
    assert!(present(&server, &jwt).await.is_ok());
    assert_eq!((one.total(), other.total()), (1, 1));
}

#[tokio::test]
async fn an_opaque_token_may_be_in_any_place_of_a_request() {
    let double = Double::default();
    let served = double.serve().await;
    double.answer("opaque", with(active(&served.url), json!({})));
    let app =
        App::serve(trusting(issuer(&served.url)).token_header("X-Token").build().unwrap()).await;
    app.grants(&Call::get("/api/items").header("X-Token", "opaque")).await;
    app.refuses(&Call::get("/api/items").bearer("opaque"), 401, "missing_token").await;
    let app =
        App::serve(trusting(issuer(&served.url)).token_scheme("Token").build().unwrap()).await;
    app.grants(&Call::get("/api/items").header("Authorization", "Token opaque")).await;
}

#[tokio::test]
async fn a_text_that_no_header_can_contain_is_not_another_spelling_of_a_token() {
    let double = Double::default();
    double.answer_others(active(ISSUER));
    let mut servers = vec![double.server().build().unwrap()];
    servers.push(server(&double, with_keys(Mode::Opaque)));
    for server in servers {
        for text in ["", " ", " a", "a ", "a\n", "a\0b", "a b", "a&token=b", "a,b", "\u{e4}", "="] {
            assert_eq!(refused(&server, text).await, RefusalKind::MalformedToken, "{text:?}");
        }
        assert_eq!(double.total(), 0);
    }
}
