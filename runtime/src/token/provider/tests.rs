use super::*;
use crate::json;

/// Test case: the provider and the claims of a token, then the expected client, roles and tenant.
type Case<'a> = (Provider, &'a str, Option<&'a str>, &'a [&'a str], Option<&'a str>);

#[test]
fn client_roles_and_tenant_are_read_from_the_claims_of_each_provider() {
    let cases: &[Case<'_>] = &[
        (
            Provider::Standard,
            r#"{"client_id":"c","roles":["r"],"groups":["g"]}"#,
            Some("c"),
            &["r"],
            None,
        ),
        (Provider::Standard, r#"{"azp":"c","roles":"r"}"#, Some("c"), &["r"], None),
        (Provider::Standard, r#"{"client_id":null,"azp":"c"}"#, Some("c"), &[], None),
        (
            Provider::Keycloak,
            r#"{"azp":"c","realm_access":{"roles":["a"]},"resource_access":{"api":{"roles":["b"]},"other":{"roles":["x"]}}}"#,
            Some("c"),
            &["a", "b"],
            None,
        ),
        (
            Provider::Auth0,
            r#"{"azp":"c","permissions":["p"],"org_id":"t"}"#,
            Some("c"),
            &["p"],
            Some("t"),
        ),
        (Provider::Okta, r#"{"cid":"c","groups":["g"]}"#, Some("c"), &["g"], None),
        (
            Provider::EntraId,
            r#"{"appid":"c","roles":["r"],"tid":"t"}"#,
            Some("c"),
            &["r"],
            Some("t"),
        ),
        (Provider::Cognito, r#"{"client_id":"c","cognito:groups":["g"]}"#, Some("c"), &["g"], None),
        (Provider::Google, r#"{"azp":"c","hd":"t","roles":["r"]}"#, Some("c"), &[], Some("t")),
        (Provider::Dex, r#"{"aud":"web","groups":["g"]}"#, None, &["g"], None),
        (
            Provider::Zitadel,
            r#"{"client_id":"c","urn:zitadel:iam:org:project:roles":{"admin":{"1":"o.example"},"editor":{"1":"o.example"}}}"#,
            Some("c"),
            &["admin", "editor"],
            None,
        ),
    ];
    for (provider, claims, client, roles, tenant) in cases {
        let document = json::object(claims.as_bytes()).unwrap();
        let claims = document.root();
        let dialect = provider.dialect();
        assert_eq!(dialect.client(claims), *client, "{provider:?}");
        let found: Vec<_> = dialect.roles(claims, || ["api"].into_iter()).collect();
        assert_eq!(found, *roles, "{provider:?}");
        assert_eq!(dialect.tenant(claims), *tenant, "{provider:?}");
    }
}

/// The settings of a row are paths that can be configured too.
#[test]
fn no_path_of_a_row_is_left_out() {
    for provider in Provider::ALL {
        assert_eq!(provider.dialect().roles.len(), provider.row().roles.len(), "{provider:?}");
    }
}
