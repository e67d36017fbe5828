//! Claims that the standards do not define and that are different for each provider.

#[cfg(feature = "__testing")]
mod writer;

use crate::json::{Array, Item, Object};
use serde::{Deserialize, Serialize};

macro_rules! providers {
    ($(#[$doc:meta])* enum Provider { $($(#[$variant_doc:meta])* $provider:ident = $dialect:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Provider {
            $($(#[$variant_doc])* $provider,)*
        }

        impl Provider {
            /// Array of all values of `Provider`.
            pub const ALL: &[Self] = &[$(Self::$provider),*];

            pub(crate) fn dialect(self) -> &'static Dialect {
                match self { $(Self::$provider => &$dialect,)* }
            }
        }
    };
}

providers! {
    /// Authorization server product that an issuer uses. The provider determines which claims hold
    /// the audience, the client, the roles and the tenant, and which claim marks access tokens.
    ///
    /// | provider | audience | client | roles | tenant | access token |
    /// |---|---|---|---|---|---|
    /// | `Standard` | `aud` | `client_id`, `azp` | `roles` | | |
    /// | `Keycloak` | `aud` | `azp`, `client_id` | `realm_access.roles`, `resource_access.<audience>.roles` | | `typ` = `Bearer` |
    /// | `Auth0` | `aud` | `azp`, `client_id` | `permissions` | `org_id` | |
    /// | `Okta` | `aud` | `cid` | `groups` | | |
    /// | `EntraId` | `aud` | `azp`, `appid` | `roles` | `tid` | |
    /// | `Cognito` | `client_id` | `client_id` | `cognito:groups` | | `token_use` = `access` |
    /// | `Google` | `aud` | `azp` | | `hd` | |
    ///
    /// The client of a token is the first of the listed claims whose value is a string. Access
    /// tokens of Cognito have no `aud`, so the configured audience is compared with `client_id`.
    enum Provider {
        /// RFC 9068
        #[default]
        Standard = STANDARD,
        /// Keycloak
        Keycloak = KEYCLOAK,
        /// Auth0
        Auth0 = AUTH0,
        /// Okta
        Okta = OKTA,
        /// Microsoft Entra ID
        EntraId = ENTRA_ID,
        /// Amazon Cognito user pools
        Cognito = COGNITO,
        /// Google
        Google = GOOGLE,
    }
}

/// Names of the claims that a provider uses. The table in the documentation of [`Provider`] shows
/// these names.
#[derive(Debug)]
pub(crate) struct Dialect {
    pub(crate) audience: &'static str,
    client: &'static [&'static str],
    roles: &'static [&'static str],
    roles_per_audience: Option<&'static str>,
    tenant: Option<&'static str>,
    kind: Option<(&'static str, &'static str)>,
}

const STANDARD: Dialect = Dialect {
    audience: "aud",
    client: &["client_id", "azp"],
    roles: &["roles"],
    roles_per_audience: None,
    tenant: None,
    kind: None,
};

const KEYCLOAK: Dialect = Dialect {
    client: &["azp", "client_id"],
    roles: &["realm_access", "roles"],
    roles_per_audience: Some("resource_access"),
    kind: Some(("typ", "Bearer")),
    ..STANDARD
};

const AUTH0: Dialect = Dialect {
    client: &["azp", "client_id"],
    roles: &["permissions"],
    tenant: Some("org_id"),
    ..STANDARD
};

const OKTA: Dialect = Dialect { client: &["cid"], roles: &["groups"], ..STANDARD };

const ENTRA_ID: Dialect = Dialect { client: &["azp", "appid"], tenant: Some("tid"), ..STANDARD };

const COGNITO: Dialect = Dialect {
    audience: "client_id",
    client: &["client_id"],
    roles: &["cognito:groups"],
    kind: Some(("token_use", "access")),
    ..STANDARD
};

const GOOGLE: Dialect = Dialect { client: &["azp"], roles: &[], tenant: Some("hd"), ..STANDARD };

impl Dialect {
    pub(crate) fn is_access_token(&self, claims: Object<'_>) -> bool {
        self.kind.is_none_or(|(name, expected)| {
            claims.get(name).and_then(Item::as_str) == Some(expected)
        })
    }

    pub(crate) fn client<'a>(&self, claims: Object<'a>) -> Option<&'a str> {
        self.client.iter().find_map(|name| claims.get(name)?.as_str())
    }

    pub(crate) fn tenant<'a>(&self, claims: Object<'a>) -> Option<&'a str> {
        claims.get(self.tenant?)?.as_str()
    }

    pub(crate) fn roles<'a>(
        &self,
        claims: Object<'a>,
        audiences: impl Iterator<Item = &'a str>,
    ) -> impl Iterator<Item = &'a str> {
        let resources = self.roles_per_audience;
        let for_audiences =
            audiences.filter_map(move |audience| claims.member(&[resources?, audience, "roles"]));
        claims
            .member(self.roles)
            .into_iter()
            .chain(for_audiences)
            .filter_map(Item::as_array)
            .flat_map(Array::items)
            .filter_map(Item::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    /// Test case: the provider and the claims of a token, then the expected client, roles and
    /// tenant.
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
            (Provider::Standard, r#"{"azp":"c","roles":"r"}"#, Some("c"), &[], None),
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
            (
                Provider::Cognito,
                r#"{"client_id":"c","cognito:groups":["g"]}"#,
                Some("c"),
                &["g"],
                None,
            ),
            (Provider::Google, r#"{"azp":"c","hd":"t","roles":["r"]}"#, Some("c"), &[], Some("t")),
        ];
        for (provider, claims, client, roles, tenant) in cases {
            let document = json::object(claims.as_bytes()).unwrap();
            let claims = document.root();
            let dialect = provider.dialect();
            assert_eq!(dialect.client(claims), *client, "{provider:?}");
            let found: Vec<_> = dialect.roles(claims, ["api"].into_iter()).collect();
            assert_eq!(found, *roles, "{provider:?}");
            assert_eq!(dialect.tenant(claims), *tenant, "{provider:?}");
        }
    }

    #[test]
    fn other_tokens_of_a_provider_are_not_access_tokens() {
        let cases = [
            (Provider::Keycloak, r#"{"typ":"Bearer"}"#, true),
            (Provider::Keycloak, r#"{"typ":"ID"}"#, false),
            (Provider::Keycloak, r#"{"typ":"Refresh"}"#, false),
            (Provider::Keycloak, "{}", false),
            (Provider::Cognito, r#"{"token_use":"access"}"#, true),
            (Provider::Cognito, r#"{"token_use":"id"}"#, false),
            (Provider::Standard, r#"{"typ":"ID"}"#, true),
        ];
        for (provider, claims, expected) in cases {
            let object = json::object(claims.as_bytes()).unwrap();
            let accepted = provider.dialect().is_access_token(object.root());
            assert_eq!(accepted, expected, "{provider:?} {claims}");
        }
    }
}
