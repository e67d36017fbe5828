//! Tests that mistakes cause the codes that the recipes name.

use serde_json::{Map, Value, json};

use super::recipe::{Configuration, Recipe, ShownToken, recipes};
use super::verify;

/// A mistake: the title of a recipe, the changes of its issuer, of the header and of the claims,
/// and the code of the refusal. A change to `null` removes the member.
type Mistake = (&'static str, Value, Value, Value, &'static str);

fn mistakes() -> Vec<Mistake> {
    let none = || json!({});
    let claims = |title, changes, code| (title, none(), none(), changes, code);
    let header = |title, changes, code| (title, none(), changes, none(), code);
    let settings = |title, changes, code| (title, changes, none(), none(), code);
    vec![
        claims("Keycloak", json!({ "aud": null }), "missing_claim"),
        claims("Keycloak", json!({ "aud": "account" }), "wrong_audience"),
        claims("Keycloak", json!({ "iss": "http://keycloak:8080/realms/acme" }), "unknown_issuer"),
        claims("Keycloak", json!({ "typ": "ID" }), "wrong_type"),
        header("Spring Authorization Server", json!({ "typ": null }), "wrong_type"),
        claims("Spring Authorization Server", json!({ "aud": "web" }), "wrong_audience"),
        header("oidc-provider", json!({ "typ": null }), "wrong_type"),
        claims("zitadel/oidc", json!({ "at_hash": "Zm9v" }), "wrong_type"),
        claims("Ory Hydra", json!({ "aud": [] }), "wrong_audience"),
        settings("Better Auth", json!({ "algorithms": ["RS256"] }), "unsupported_algorithm"),
        claims("LemonLDAP::NG", json!({ "aud": ["web"] }), "wrong_audience"),
        claims("Canaille", json!({ "aud": [] }), "wrong_audience"),
        settings("Canaille", json!({ "algorithms": ["RS256"] }), "unsupported_algorithm"),
        settings("Dex", json!({ "provider": null }), "wrong_type"),
        claims("Dex", json!({ "aud": "web" }), "wrong_audience"),
        claims("AD FS", json!({ "iss": "https://sts.corp.example/adfs" }), "unknown_issuer"),
        claims("AD FS", json!({ "aud": "11112222-3333" }), "wrong_audience"),
        header("FusionAuth", json!({ "alg": "HS256" }), "unsupported_algorithm"),
        claims("FusionAuth", json!({ "iss": "https://auth.example.com" }), "unknown_issuer"),
        claims("FusionAuth", json!({ "at_hash": "Zm9v" }), "wrong_type"),
        settings("Authentik", json!({ "kind_claim": null }), "wrong_type"),
        claims("Authentik", json!({ "azp": null, "uid": null }), "wrong_type"),
        claims("Authelia", json!({ "aud": [] }), "wrong_audience"),
        claims("Casdoor", json!({ "tokenType": "refresh-token" }), "wrong_type"),
        claims("Auth0", json!({ "iss": "https://acme.eu.auth0.com" }), "unknown_issuer"),
        claims("Okta", json!({ "iss": "https://acme.okta.com" }), "unknown_issuer"),
        header("Okta", json!({ "typ": "application/okta-internal-at+jwt" }), "wrong_type"),
        claims("Okta", json!({ "aud": "api://default" }), "wrong_audience"),
        settings("Clerk", json!({ "audience_claim": null }), "missing_claim"),
        claims("Clerk", json!({ "azp": null }), "missing_claim"),
        claims("WorkOS", json!({ "aud": null }), "missing_claim"),
        claims("WorkOS", json!({ "iss": "https://api.workos.com" }), "unknown_issuer"),
        header("Supabase", json!({ "alg": "HS256" }), "unsupported_algorithm"),
        claims("Amazon Cognito", json!({ "token_use": "id" }), "wrong_type"),
        claims("GitHub Actions", json!({ "aud": "https://github.com/acme" }), "wrong_audience"),
        claims(
            "Kubernetes",
            json!({ "aud": ["https://kubernetes.default.svc"] }),
            "wrong_audience",
        ),
    ]
}

#[tokio::test]
async fn each_mistake_is_answered_with_the_code_of_the_recipe() {
    let mut failures = Vec::new();
    for (title, settings, header, claims, code) in mistakes() {
        let recipe = recipes().into_iter().find(|recipe| recipe.title == title).expect(title);
        assert!(recipe.text.contains(&format!("`{code}`")), "{title}: {code}");
        let (mut document, mut shown) = first_token(recipe);
        change(document["issuers"][0].as_object_mut().unwrap(), &settings);
        change(&mut shown.header, &header);
        change(&mut shown.claims, &claims);
        let answer = verify(document, &shown).await.map_or_else(|code| code, |_| "200".to_owned());
        if answer != code {
            failures.push(format!("{title}, {settings}, {header}, {claims}: {answer}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Returns the first configuration of a recipe that has a token, and the token.
fn first_token(recipe: Recipe) -> (Value, ShownToken) {
    let configurations = recipe.configurations.into_iter();
    let mut with_token =
        configurations.filter_map(|Configuration { document, token }| Some((document, token?)));
    with_token.next().unwrap()
}

fn change(members: &mut Map<String, Value>, changes: &Value) {
    members.extend(changes.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
}
