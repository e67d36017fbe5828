//! Tests answers that the issuer signs.

use axum_protected::introspection::Mode;
use axum_protected::{Algorithm, Issuer, RefusalKind, ResourceServer};
use axum_protected_testing::{SigningKeys, TokenBuilder};
use axum_protected_tests::{AUDIENCE, compact, fresh_key, keys, token, trusting};
use serde_json::{Value, json};

use super::double::ISSUER;
use super::{Double, Reply, active, inactive, now, present, refused, settings, with};

const MEDIA_TYPE: &str = "application/token-introspection+jwt";
const OPENID: &str = "/.well-known/openid-configuration";

fn server(double: &Double) -> ResourceServer {
    let settings = settings().endpoint("https://id.example.com/introspect").jwt_answers();
    let issuer = Issuer::new(ISSUER).jwks(keys().jwks());
    let issuer = issuer.introspection(settings.mode(Mode::Only));
    trusting(issuer).fetch(double.clone()).build().unwrap()
}

/// Returns an answer that satisfies all rules, as a token to change.
fn answer(content: Value) -> TokenBuilder {
    signed(keys(), content)
}

fn signed(keys: &SigningKeys, content: Value) -> TokenBuilder {
    TokenBuilder::new(keys, ISSUER, "items-api")
        .header("typ", "token-introspection+jwt")
        .without("exp")
        .without("sub")
        .without("client_id")
        .without("jti")
        .claim("iat", now())
        .claim("token_introspection", content)
}

fn reply(answer: TokenBuilder) -> Reply {
    Reply::text(MEDIA_TYPE, answer.sign())
}

#[tokio::test]
async fn a_signed_answer_is_asked_for_and_accepted() {
    let double = Double::default();
    let server = server(&double);
    double.answer("opaque", reply(answer(active(ISSUER))));
    let token = present(&server, "opaque").await.unwrap();
    assert_eq!(token.subject(), Some("alice"));
    assert_eq!(double.questions()[0].header("accept"), Some(MEDIA_TYPE));
    double.answer("inactive", reply(answer(inactive())));
    assert_eq!(refused(&server, "inactive").await, RefusalKind::InactiveToken);
    let several = answer(active(ISSUER)).claim("aud", json!(["other", "items-api"]));
    double.answer("several", reply(several));
    present(&server, "several").await.unwrap();
    for (index, media_type) in [
        "Application/Token-Introspection+JWT",
        "application/token-introspection+jwt; charset=utf-8",
    ]
    .into_iter()
    .enumerate()
    {
        let token = format!("media-type-{index}");
        double.answer(&token, Reply::text(media_type, answer(active(ISSUER)).sign()));
        present(&server, &token).await.unwrap();
    }
    double.answer("long", reply(answer(active(ISSUER)).header("typ", MEDIA_TYPE)));
    present(&server, "long").await.unwrap();
}

#[tokio::test]
async fn an_answer_that_fails_a_rule_is_never_used() {
    let double = Double::default();
    let server = server(&double);
    let good = || answer(active(ISSUER));
    let without_signature = |text: &str| text.rsplit_once('.').unwrap().0.to_owned() + ".";
    let secret = SigningKeys::shared_secret([7; 64]);
    let header = json!({ "alg": "none", "typ": "token-introspection+jwt" }).to_string();
    let claims = json!({
        "iss": ISSUER, "aud": "items-api", "iat": now(), "token_introspection": active(ISSUER)
    });
    let cases: Vec<(&str, Reply)> = vec![
        ("plain JSON", Reply::json(&active(ISSUER))),
        ("JSON of the media type", Reply::text(MEDIA_TYPE, active(ISSUER).to_string())),
        ("another media type", Reply::text("application/jwt", good().sign())),
        ("JSON's media type", Reply::text("application/json", good().sign())),
        ("two media types", reply(good()).header("content-type", "application/json")),
        ("no signature", Reply::text(MEDIA_TYPE, without_signature(&good().sign()))),
        ("alg none", Reply::text(MEDIA_TYPE, compact(&header, claims.to_string()))),
        ("a shared secret", reply(signed(&secret, active(ISSUER)))),
        ("another key", reply(signed(&fresh_key(), active(ISSUER)))),
        ("encrypted", Reply::text(MEDIA_TYPE, format!("{}.a.b", good().sign()))),
        ("two lines", Reply::text(MEDIA_TYPE, format!("{}\n", good().sign()))),
        ("empty", Reply::text(MEDIA_TYPE, "")),
        ("typ of a token", reply(good().header("typ", "at+jwt"))),
        ("typ JWT", reply(good().header("typ", "JWT"))),
        ("no typ", reply(good().header("typ", Value::Null))),
        ("crit", reply(good().header("crit", json!(["exp"])))),
        ("another issuer", reply(good().claim("iss", "https://other.example.com"))),
        ("no issuer", reply(good().without("iss"))),
        ("the audience of the API", reply(good().claim("aud", AUDIENCE))),
        ("another client", reply(good().claim("aud", "other"))),
        ("no audience", reply(good().without("aud"))),
        ("an odd audience", reply(good().claim("aud", json!(["items-api", 7])))),
        ("old", reply(good().claim("iat", now() - 120))),
        ("from the future", reply(good().claim("iat", now() + 120))),
        ("no iat", reply(good().without("iat"))),
        ("iat as a string", reply(good().claim("iat", now().to_string()))),
        ("no content", reply(good().without("token_introspection"))),
        ("content as a string", reply(answer(active(ISSUER).to_string().into()))),
        ("content as an array", reply(answer(json!([active(ISSUER)])))),
        ("content without active", reply(answer(with(active(ISSUER), json!({ "active": null }))))),
        (
            "active beside the content",
            reply(answer(with(active(ISSUER), json!({ "active": null }))).claim("active", true)),
        ),
    ];
    for (index, (what, reply)) in cases.into_iter().enumerate() {
        let token = format!("opaque-{index}");
        double.answer(&token, reply);
        let kind = refused(&server, &token).await;
        assert_eq!(kind, RefusalKind::IntrospectionUnavailable, "{what}");
    }
}

#[tokio::test]
async fn only_the_content_decides() {
    let double = Double::default();
    let server = server(&double);
    let outside = answer(active(ISSUER))
        .claim("sub", "mallory")
        .claim("scope", "items:admin")
        .claim("exp", 1)
        .claim("active", false)
        .claim("cnf", json!({}));
    double.answer("outside", reply(outside));
    let token = present(&server, "outside").await.unwrap();
    assert_eq!(token.subject(), Some("alice"));
    assert!(!token.has_scope("items:admin"));
    for (index, (content, kind)) in [
        (json!({ "exp": 1 }), RefusalKind::Expired),
        (json!({ "aud": null }), RefusalKind::MissingClaim),
        (json!({ "aud": "items-api" }), RefusalKind::WrongAudience),
        (json!({ "active": false }), RefusalKind::InactiveToken),
    ]
    .into_iter()
    .enumerate()
    {
        let token = format!("opaque-{index}");
        let content = with(active(ISSUER), content);
        double.answer(&token, reply(answer(content).claim("exp", now() + 600)));
        assert_eq!(refused(&server, &token).await, kind);
    }
}

#[tokio::test]
async fn an_answer_is_not_an_access_token() {
    let double = Double::default();
    let settings = settings().endpoint("https://id.example.com/introspect");
    let issuer = Issuer::new(ISSUER).jwks(keys().jwks());
    let server = trusting(issuer.introspection(settings)).fetch(double.clone()).build().unwrap();
    let conforming = answer(active(ISSUER)).claim("aud", AUDIENCE);
    assert_eq!(refused(&server, &conforming.sign()).await, RefusalKind::WrongType);
    // One that says that it is a JWT of another kind.
    let odd = token(ISSUER).header("typ", "JWT").claim("token_introspection", active(ISSUER));
    assert_eq!(refused(&server, &odd.sign()).await, RefusalKind::WrongType);
    assert_eq!(double.total(), 0);
}

#[tokio::test]
async fn the_keys_for_answers_come_by_discovery() {
    let double = Double::default();
    let metadata = json!({
        "issuer": ISSUER,
        "jwks_uri": "https://id.example.com/jwks",
        "introspection_endpoint": "https://id.example.com/ask",
    });
    double.publish(OPENID, metadata);
    double.publish("/jwks", keys().jwks());
    let settings = settings().jwt_answers();
    let issuer = Issuer::new(ISSUER).algorithms([Algorithm::ES256]).introspection(settings);
    let server = trusting(issuer).fetch(double.clone()).build().unwrap();
    double.answer("opaque", reply(answer(active(ISSUER)).algorithm(Algorithm::ES256)));
    present(&server, "opaque").await.unwrap();
    // The algorithms of the issuer apply to answers too.
    double.answer("other", reply(answer(active(ISSUER)).algorithm(Algorithm::RS256)));
    assert_eq!(refused(&server, "other").await, RefusalKind::IntrospectionUnavailable);
    // The mode is still `only`: a JWT is asked about.
    let jwt = token(ISSUER).algorithm(Algorithm::ES256).sign();
    double.answer(&jwt, reply(answer(inactive()).algorithm(Algorithm::ES256)));
    assert_eq!(refused(&server, &jwt).await, RefusalKind::InactiveToken);
}
