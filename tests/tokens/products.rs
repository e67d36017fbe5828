//! Tests tokens as products write them, under the configuration that the guide names for the
//! product: the access tokens are accepted, and the other tokens of the product are refused.

use axum_protected::{AccessToken, Issuer, Provider};
use axum_protected_testing::TokenBuilder;
use axum_protected_tests::{AUDIENCE, Log, keys, trusting};
use serde_json::{Value, json};

use super::ISSUER;

/// The client that the tokens were issued to.
const CLIENT: &str = "web";

type Settings = fn(Issuer) -> Issuer;

/// A token of a product, and the code of its refusal or `ok`.
struct Token {
    product: &'static str,
    settings: Settings,
    typ: Option<&'static str>,
    claims: Value,
    outcome: &'static str,
}

fn token(product: &'static str, settings: Settings, claims: Value, outcome: &'static str) -> Token {
    Token { product, settings, typ: Some("JWT"), claims, outcome }
}

fn standard(issuer: Issuer) -> Issuer {
    issuer
}

fn keycloak(issuer: Issuer) -> Issuer {
    issuer.provider(Provider::Keycloak)
}

fn dex(issuer: Issuer) -> Issuer {
    issuer.provider(Provider::Dex).audience(CLIENT)
}

/// Settings of an API whose audience is a client, as stock Spring and FusionAuth demand.
fn client_is_audience(issuer: Issuer) -> Issuer {
    issuer.audience(CLIENT)
}

fn clerk(issuer: Issuer) -> Issuer {
    issuer.audience_claim("azp").audience("https://app.example.com").roles_claim(["org_role"])
}

fn sign(typ: Option<&str>, claims: &Value) -> String {
    let empty = TokenBuilder::new(keys(), ISSUER, AUDIENCE).header("typ", typ);
    let names = ["sub", "client_id", "jti", "aud"];
    let empty = names.into_iter().fold(empty, TokenBuilder::without);
    let claims = claims.as_object().unwrap().clone();
    claims.into_iter().fold(empty, |token, (name, value)| token.claim(&name, value)).sign()
}

async fn verify(
    settings: Settings,
    typ: Option<&str>,
    claims: &Value,
) -> Result<AccessToken, &'static str> {
    let issuer = settings(Issuer::new(ISSUER).jwks(keys().jwks()));
    let server = trusting(issuer).build().unwrap();
    let result = server.authenticate(&sign(typ, claims)).await;
    result.map_err(|error| error.kind().code())
}

fn tokens() -> Vec<Token> {
    let mut tokens = keycloak_tokens();
    tokens.extend(spring_and_oidc_provider_tokens());
    tokens.extend(other_tokens());
    tokens
}

fn keycloak_tokens() -> Vec<Token> {
    let access = json!({
        "jti": "j", "aud": AUDIENCE, "sub": "u", "typ": "Bearer", "azp": CLIENT, "sid": "s",
        "scope": "items:read",
    });
    let id = json!({
        "jti": "j", "aud": AUDIENCE, "sub": "u", "typ": "ID", "azp": AUDIENCE, "sid": "s",
        "at_hash": "x", "nonce": "n",
    });
    let nonce = json!({
        "aud": AUDIENCE, "azp": AUDIENCE, "typ": "Bearer", "nonce": "n", "sub": "u",
    });
    let mut tokens = Vec::new();
    for settings in [keycloak as Settings, standard] {
        tokens.push(token("Keycloak access", settings, access.clone(), "ok"));
        tokens.push(token("Keycloak access with nonce", settings, nonce.clone(), "ok"));
        tokens.push(token("Keycloak ID", settings, id.clone(), "wrong_type"));
        for typ in ["Refresh", "Offline", "Logout"] {
            let claims = json!({
                "jti": "j", "aud": AUDIENCE, "sub": "u", "typ": typ, "azp": CLIENT, "sid": "s",
                "scope": "openid",
            });
            tokens.push(token("Keycloak refresh", settings, claims, "wrong_type"));
        }
    }
    tokens
}

fn spring_and_oidc_provider_tokens() -> Vec<Token> {
    let spring = |claims: Value, outcome| Token {
        typ: None,
        ..token("Spring", client_is_audience, claims, outcome)
    };
    let oidc_provider = |typ, claims: Value, outcome| Token {
        typ,
        ..token("oidc-provider", client_is_audience, claims, outcome)
    };
    let access = json!({"jti": "j", "sub": "u", "scope": "a", "client_id": CLIENT, "aud": CLIENT});
    vec![
        spring(json!({"sub": "u", "aud": CLIENT, "nbf": 1, "scope": ["a"], "jti": "j"}), "ok"),
        spring(
            json!({"sub": "u", "aud": CLIENT, "azp": CLIENT, "auth_time": 1, "nonce": "n",
                   "jti": "j", "sid": "s"}),
            "wrong_type",
        ),
        oidc_provider(Some("at+jwt"), access, "ok"),
        oidc_provider(None, json!({"sub": "u", "nonce": "n", "aud": CLIENT}), "wrong_type"),
    ]
}

fn other_tokens() -> Vec<Token> {
    let better_auth = json!({
        "sub": "u", "aud": [AUDIENCE, "https://id.example.com/userinfo"], "client_id": CLIENT,
        "azp": CLIENT, "scope": "a", "sid": "s", "jti": "j",
    });
    let ad_fs = json!({
        "aud": "microsoft:identityserver:1111", "appid": "client", "scp": "items:read",
        "ver": "1.0",
    });
    let ad_fs_settings: Settings =
        |issuer| issuer.audience("microsoft:identityserver:1111").client_claim("appid");
    vec![
        token(
            "Hydra access",
            standard,
            json!({"aud": [AUDIENCE], "client_id": CLIENT, "ext": {}, "jti": "j", "nbf": 1,
                   "scp": ["a"], "sub": "u"}),
            "ok",
        ),
        token(
            "Hydra access for nobody",
            standard,
            json!({"aud": [], "client_id": CLIENT, "ext": {}, "jti": "j", "scp": ["a"]}),
            "wrong_audience",
        ),
        token(
            "Zitadel access",
            standard,
            json!({"aud": [CLIENT, AUDIENCE], "client_id": CLIENT, "jti": "j", "sub": "u"}),
            "ok",
        ),
        token(
            "Zitadel ID",
            standard,
            json!({"aud": [CLIENT, AUDIENCE], "azp": CLIENT, "at_hash": "x", "c_hash": "x",
                   "sub": "u"}),
            "wrong_type",
        ),
        Token { typ: Some("at+jwt"), ..token("Better Auth access", standard, better_auth, "ok") },
        token("Canaille", standard, json!({"aud": [AUDIENCE], "auth_time": 1, "sub": "u"}), "ok"),
        token("Canaille", standard, json!({"aud": [], "sub": "u"}), "wrong_audience"),
        token("LemonLDAP", standard, json!({"aud": [AUDIENCE], "sub": null, "scope": "a"}), "ok"),
        token(
            "Dex access",
            dex,
            json!({"aud": CLIENT, "at_hash": "x", "sub": "u", "groups": ["admins"]}),
            "ok",
        ),
        token("Dex ID", dex, json!({"aud": CLIENT, "c_hash": "x", "sub": "u"}), "wrong_type"),
        token("AD FS", ad_fs_settings, ad_fs, "ok"),
        token(
            "FusionAuth",
            client_is_audience,
            json!({"aud": CLIENT, "applicationId": CLIENT, "roles": ["admin"]}),
            "ok",
        ),
        token(
            "Clerk",
            clerk,
            json!({"azp": "https://app.example.com", "sid": "s", "sub": "u", "nbf": 1}),
            "ok",
        ),
        token(
            "Clerk for another application",
            clerk,
            json!({"azp": "https://other.example.com", "sid": "s", "sub": "u"}),
            "wrong_audience",
        ),
        token(
            "Clerk with the audience of another API",
            clerk,
            json!({"aud": "other", "azp": "https://app.example.com", "sub": "u"}),
            "wrong_audience",
        ),
        token(
            "Clerk without a name",
            clerk,
            json!({"azp": null, "sid": "https://app.example.com", "sub": "u"}),
            "missing_claim",
        ),
        token(
            "a refresh token of Django Simple JWT",
            standard,
            json!({"aud": AUDIENCE, "token_type": "refresh", "jti": "j"}),
            "wrong_type",
        ),
    ]
}

#[tokio::test]
async fn access_tokens_of_products_are_accepted_and_their_other_tokens_refused() {
    let mut complaints = Vec::new();
    for Token { product, settings, typ, claims, outcome } in tokens() {
        let result = verify(settings, typ, &claims).await;
        let actual = result.err().unwrap_or("ok");
        if actual != outcome {
            complaints.push(format!("{product}: {actual}, not {outcome}: {claims}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[tokio::test]
async fn claims_are_read_where_the_settings_say() {
    let claims = json!({
        "aud": [AUDIENCE, "billing"],
        "app": { "authorities": ["r1", "r2"], "single": "r3", "scopes": "a b" },
        "resources": { AUDIENCE: { "roles": ["own"] }, "billing": { "roles": ["foreign"] } },
        "urn:zitadel:iam:org:project:roles": {
            "admin": { "1": "o.example" }, "editor": { "1": "o.example" }, "revoked": false,
        },
        "permissions": ["c"],
        "app_id": "client",
        "azp": "other",
        "organisation": "acme",
        "scope": "ignored",
        "roles": ["ignored"],
    });
    let settings: Settings = |issuer| {
        issuer
            .scopes_claim(["app", "scopes"])
            .scopes_claim(["permissions"])
            .scopes_claim(["absent", "scopes"])
            .roles_claim(["app", "authorities"])
            .roles_claim(["app", "single"])
            .roles_claim(["resources", "{audience}", "roles"])
            .roles_claim(["urn:zitadel:iam:org:project:roles"])
            .client_claim("absent")
            .client_claim("app_id")
            .tenant_claim("organisation")
    };
    let token = verify(settings, Some("at+jwt"), &claims).await.unwrap();
    assert_eq!(token.scopes().collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(token.roles().collect::<Vec<_>>(), ["r1", "r2", "r3", "own", "admin", "editor"]);
    assert!(token.has_role("own") && !token.has_role("foreign") && !token.has_role("ignored"));
    assert_eq!(token.client(), Some("client"));
    assert_eq!(token.tenant(), Some("acme"));

    let malformed = json!({ "aud": AUDIENCE, "app": { "scopes": { "a": true } } });
    let result = verify(settings, Some("at+jwt"), &malformed).await;
    assert_eq!(result.err(), Some("malformed_claim"));
}

#[tokio::test]
async fn one_role_may_be_a_string_and_null_is_no_scope() {
    let claims = json!({ "aud": AUDIENCE, "roles": "admin editor", "scope": null, "scp": "a" });
    let token = verify(standard, Some("JWT"), &claims).await.unwrap();
    assert_eq!(token.roles().collect::<Vec<_>>(), ["admin editor"]);
    assert_eq!(token.scopes().collect::<Vec<_>>(), ["a"]);
}

#[tokio::test]
async fn a_token_must_have_the_configured_mark() {
    let settings: Settings = |issuer| issuer.kind_claim("type", "access");
    for (kind, outcome) in [("access", "ok"), ("refresh", "wrong_type"), ("ACCESS", "wrong_type")] {
        let claims = json!({ "aud": AUDIENCE, "type": kind });
        let result = verify(settings, Some("JWT"), &claims).await;
        assert_eq!(result.err().unwrap_or("ok"), outcome);
    }
}

#[test]
fn a_setting_that_cannot_name_a_claim_is_an_error() {
    let cases: [(Settings, &str); 13] = [
        (|issuer| issuer.audience_claim("iss"), "`audience_claim`"),
        (|issuer| issuer.audience_claim("sub"), "`audience_claim`"),
        (|issuer| issuer.audience_claim("sid"), "`audience_claim`"),
        (|issuer| issuer.audience_claim("jti"), "`audience_claim`"),
        (|issuer| issuer.audience_claim(""), "`audience_claim`"),
        (|issuer| issuer.scopes_claim([""; 0]), "`scopes_claim`"),
        (|issuer| issuer.scopes_claim(["a", "{audience}"]), "`scopes_claim`"),
        (|issuer| issuer.roles_claim(["a", ""]), "`roles_claim`"),
        (|issuer| issuer.roles_claim([""; 0]), "`roles_claim`"),
        (|issuer| issuer.roles_claim(["{audience}", "{audience}"]), "`roles_claim`"),
        (|issuer| issuer.client_claim(""), "`client_claim`"),
        (|issuer| issuer.tenant_claim(""), "`tenant_claim`"),
        (|issuer| issuer.kind_claim("typ", ""), "`kind_claim`"),
    ];
    for (settings, name) in cases {
        let issuer = settings(Issuer::new(ISSUER).jwks(keys().jwks()));
        let error = trusting(issuer).build().unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(ISSUER), "{name}: {error}");
    }
}

/// Returns the names of the warnings of a server with these settings that verifies these tokens.
async fn warnings(settings: Settings, claims: &[Value]) -> Vec<&'static str> {
    let (log, _guard) = Log::open();
    let issuer = settings(Issuer::new(ISSUER).jwks(keys().jwks()));
    let server = trusting(issuer).build().unwrap();
    for claims in claims {
        server.authenticate(&sign(Some("JWT"), claims)).await.unwrap();
    }
    let entries = log.take();
    let warnings = entries.iter().filter(|entry| entry.level == tracing::Level::WARN);
    warnings.map(|entry| entry.name).collect()
}

#[tokio::test]
async fn a_token_that_may_be_an_id_token_is_warned_of_once() {
    let ambiguous = json!({ "aud": CLIENT, "azp": CLIENT, "sub": "u" });
    let twice = [ambiguous.clone(), json!({ "aud": [CLIENT], "azp": CLIENT })];
    let expected = ["axum_protected.token.ambiguous"];
    assert_eq!(warnings(client_is_audience, &twice).await, expected);
    let certain = json!({ "aud": AUDIENCE, "azp": CLIENT, "sub": "u" });
    assert_eq!(warnings(standard, &[certain]).await, [""; 0]);
}

#[tokio::test]
async fn settings_that_admit_id_tokens_are_warned_of() {
    let warning = ["axum_protected.issuer.ambiguous"];
    let marked: Settings = |issuer| clerk(issuer).kind_claim("type", "access");
    let strict: Settings = |issuer| dex(issuer).rfc9068();
    let cognito: Settings = |issuer| issuer.provider(Provider::Cognito);
    let named: Settings = |issuer| issuer.audience_claim("app").client_claim("app");
    let other: Settings = |issuer| issuer.audience_claim("resource");
    for (settings, expected) in [
        (clerk as Settings, &warning[..]),
        (dex, &warning),
        (named, &warning),
        (marked, &[]),
        (strict, &[]),
        (cognito, &[]),
        (other, &[]),
        (standard, &[]),
    ] {
        assert_eq!(warnings(settings, &[]).await, expected);
    }
}
