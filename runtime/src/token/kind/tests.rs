use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::json;
use crate::token::Provider;

fn judge_token(typ: Profile, claims: &Value, dialect: &Dialect) -> Result<Kind, Fault> {
    let claims = json::object(claims.to_string().as_bytes()).unwrap();
    let found = ClaimPositions::of(&claims);
    let registered = Registered::read(&claims, &found, dialect)?;
    judge(&claims, &found, &registered, typ, dialect)
}

/// Returns claims that every token has, with these claims in addition.
fn with(claims: &Value) -> Value {
    let mut all =
        json!({ "iss": "https://id.example.com", "aud": "app", "exp": 4_000_000_000_u64 });
    all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    all
}

#[test]
fn the_first_row_that_applies_decides() {
    let access = Ok(Kind::AccessToken);
    let cases = [
        // Row 0 applies even to a token with a positive mark.
        (json!({"typ": "Bearer", "events": {}}), Err(Fault::HasEvents)),
        (json!({"typ": "Bearer", "token_introspection": {}}), Err(Fault::HasIntrospection)),
        (json!({"typ": "Bearer", "c_hash": "x"}), Err(Fault::HasCHash)),
        // Row 2.
        (json!({"typ": "Bearer", "nonce": "n", "azp": "app", "at_hash": "x"}), access),
        (json!({"token_use": "access", "typ": "ID"}), access),
        (json!({"token_type": "bearer", "at_hash": "x"}), access),
        (json!({"token_type": "access_token", "at_hash": "x"}), access),
        // Row 3.
        (json!({"typ": "ID"}), Err(Fault::OtherTyp)),
        (json!({"typ": "Refresh"}), Err(Fault::OtherTyp)),
        (json!({"typ": "Offline"}), Err(Fault::OtherTyp)),
        (json!({"typ": "Logout"}), Err(Fault::OtherTyp)),
        (json!({"token_use": "id"}), Err(Fault::OtherTokenUse)),
        (json!({"token_use": "REFRESH"}), Err(Fault::OtherTokenUse)),
        (json!({"token_type": "refresh_token"}), Err(Fault::OtherTokenType)),
        (json!({"token_type": "id_token", "scope": "a"}), Err(Fault::OtherTokenType)),
        (json!({"token_type": "logout_token"}), Err(Fault::OtherTokenType)),
        // An application may use `type`, and other values of the other claims.
        (json!({"type": "refresh"}), access),
        (json!({"typ": "JWT", "token_use": "", "token_type": 7}), access),
        // Row 4.
        (json!({"at_hash": "x", "scope": "a"}), Err(Fault::HasAtHash)),
        (json!({"at_hash": null}), access),
        // Row 5.
        (json!({"nonce": "n", "azp": "app"}), Err(Fault::HasNonce)),
        (json!({"nonce": "n", "azp": "app", "aud": ["app"]}), Err(Fault::HasNonce)),
        (json!({"nonce": "n"}), Err(Fault::HasNonce)),
        (json!({"nonce": "n", "azp": "app", "scope": "a"}), Ok(Kind::Ambiguous)),
        (json!({"nonce": "n", "azp": "app", "scp": ["a"]}), Ok(Kind::Ambiguous)),
        (json!({"nonce": "n", "azp": "other"}), access),
        (json!({"nonce": "n", "client_id": "app"}), access),
        (json!({"nonce": "n", "aud": ["app", "api"]}), access),
        (json!({"nonce": null, "azp": null}), access),
        // Row 6.
        (json!({"azp": "app"}), Ok(Kind::Ambiguous)),
        (json!({"azp": "app", "aud": ["app", "api"]}), access),
        (json!({"azp": "web"}), access),
        (json!({}), access),
    ];
    for (claims, expected) in cases {
        let claims = with(&claims);
        let dialect = Provider::Standard.dialect();
        assert_eq!(judge_token(Profile::Jwt, &claims, &dialect), expected, "{claims}");
    }
}

#[test]
fn the_header_and_the_settings_of_the_issuer_decide_before_other_marks() {
    let id_token = with(&json!({"at_hash": "x", "nonce": "n", "azp": "app"}));
    let standard = Provider::Standard.dialect();
    assert_eq!(judge_token(Profile::Rfc9068, &id_token, &standard), Ok(Kind::AccessToken));
    let marked = Dialect { kind: Some(("type".into(), "access".into())), ..standard.clone() };
    for (value, expected) in [
        (json!("access"), Ok(Kind::AccessToken)),
        (json!("Access"), Err(Fault::MarkMissing)),
        (json!("refresh"), Err(Fault::MarkMissing)),
        (json!(["access"]), Err(Fault::MarkMissing)),
        (Value::Null, Err(Fault::MarkMissing)),
    ] {
        let claims = with(&json!({"type": value, "azp": "app"}));
        for typ in [Profile::Jwt, Profile::Rfc9068] {
            assert_eq!(judge_token(typ, &claims, &marked), expected, "{claims}");
        }
    }
    let with_hash = Dialect { has_at_hash: true, ..standard };
    let dex = with(&json!({"at_hash": "x"}));
    assert_eq!(judge_token(Profile::Jwt, &dex, &with_hash), Ok(Kind::AccessToken));
    assert_eq!(judge_token(Profile::Jwt, &id_token, &with_hash), Err(Fault::HasNonce));
}

/// Access tokens as products write them, with the setting that the guide names for the product.
fn access_tokens() -> Vec<(Profile, Value, Dialect)> {
    use Profile::{Jwt, Rfc9068};
    let standard = || Provider::Standard.dialect();
    let clerk = Dialect { audience: Some("azp".to_owned()), ..standard() };
    vec![
        (
            Jwt,
            json!({"typ": "Bearer", "azp": "app", "sid": "s", "scope": "a", "nonce": "n"}),
            Provider::Keycloak.dialect(),
        ),
        (Jwt, json!({"typ": "Bearer", "azp": "app", "nonce": "n"}), standard()),
        // Keycloak writes `DPoP` into access tokens that are bound to a key.
        (Jwt, json!({"typ": "DPoP", "azp": "app", "scope": "a"}), Provider::Keycloak.dialect()),
        (Jwt, json!({"typ": "DPoP", "azp": "app", "nonce": "n"}), standard()),
        (Jwt, json!({"sub": "u", "nbf": 1, "scope": ["a"], "jti": "j"}), standard()),
        (Jwt, json!({"aud": ["app"], "client_id": "c", "ext": {}, "scp": ["a"]}), standard()),
        (Jwt, json!({"aud": ["c", "app"], "client_id": "c", "jti": "j"}), standard()),
        (Rfc9068, json!({"scope": "a", "client_id": "c", "jti": "j"}), standard()),
        (
            Rfc9068,
            json!({"aud": ["app", "userinfo"], "client_id": "c", "azp": "c", "scope": "a"}),
            standard(),
        ),
        (Jwt, json!({"aud": ["app"], "auth_time": 1, "sub": "u"}), standard()),
        (Jwt, json!({"at_hash": "x", "email": "a@b", "groups": ["g"]}), Provider::Dex.dialect()),
        (Jwt, json!({"appid": "c", "scp": "a", "ver": "1.0"}), standard()),
        (Jwt, json!({"applicationId": "app", "roles": ["admin"]}), standard()),
        (Jwt, json!({"aud": null, "azp": "app", "sid": "s", "nbf": 1}), clerk),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
        prop::sample::select(&OTHER_KINDS[..]).prop_map(Value::from),
        prop::collection::vec("[ -~]{0,8}", 0..3).prop_map(Value::from),
    ]
}

proptest! {
    /// Claims of an application or a user do not make an access token a token of another kind.
    #[test]
    fn no_row_refuses_an_access_token(
        more in prop::collection::btree_map(
            prop::sample::select(&[
                "email", "name", "groups", "type", "auth_time", "acr", "amr", "sid", "ver", "ext",
                "org_id", "tid", "kind", "use", "hash", "access", "id",
            ][..]),
            value(),
            0..6,
        )
    ) {
        let more: Map<String, Value> =
            more.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        for (typ, claims, dialect) in access_tokens() {
            let mut all = Value::Object(more.clone());
            let claims = with(&claims);
            all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
            all.as_object_mut().unwrap().retain(|name, value| name != "aud" || !value.is_null());
            let result = judge_token(typ, &all, &dialect);
            prop_assert!(result.is_ok(), "{:?} {}", result, all);
        }
    }
}
