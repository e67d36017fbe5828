//! Checks the settings that say where the API is and how requests reach it.

use reqwest::Url;

use super::{ok_or_report, url};
use crate::resource_identifier::ResourceIdentifier;
use crate::server::api_location::ApiLocation;
use crate::server::{Issuer, ResourceServerBuilder};
use crate::telemetry;
use crate::transport::IpNetwork;

impl ResourceServerBuilder {
    /// Checks `resource` and `public_url`, and returns the location of the API. Adds all problems
    /// to `problems`.
    pub(in crate::server) fn location(&self, problems: &mut Vec<String>) -> ApiLocation {
        let resource = self
            .resource
            .as_ref()
            .and_then(|text| ok_or_report(resource_identifier(text), problems));
        if let Some(text) = &self.public_url {
            ok_or_report(public_url(text), problems);
        }
        let authorization_servers =
            self.issuers.iter().filter(|issuer| issuer.publishes_metadata());
        ApiLocation {
            public_url: self.public_url.clone().or_else(|| self.resource.clone()),
            resource,
            authorization_servers: authorization_servers
                .map(|issuer| issuer.identifier.clone())
                .collect(),
        }
    }

    /// Returns the audiences of issuers that have none of their own. The identifier of the resource
    /// is the audience if no other is configured (RFC 8707 section 2).
    pub(in crate::server) fn default_audiences(&self) -> Vec<String> {
        if self.audiences.is_empty() {
            self.resource.iter().cloned().collect()
        } else {
            self.audiences.clone()
        }
    }

    /// Returns the URLs of this API, which authorization details may name as a location (RFC 9396
    /// section 2.2).
    pub(in crate::server) fn own_locations(&self) -> Vec<String> {
        self.resource.iter().chain(&self.public_url).cloned().collect()
    }

    /// Checks `trusted_proxies`, and returns the networks of the proxies.
    pub(in crate::server) fn proxy_networks(&self, problems: &mut Vec<String>) -> Vec<IpNetwork> {
        let mut proxies = Vec::new();
        for text in &self.trusted_proxies {
            let network = IpNetwork::parse(text)
                .map_err(|problem| format!("in `trusted_proxies`, {problem}"));
            proxies.extend(ok_or_report(network, problems));
        }
        proxies
    }
}

impl Issuer {
    /// Returns true if clients can find the metadata of this issuer by its identifier (RFC 8414
    /// section 3): the identifier is a URL, and the keys are fetched.
    fn publishes_metadata(&self) -> bool {
        self.has_fetched_keys() && url::issuer(&self.identifier, self.insecure_http).is_ok()
    }
}

/// Checks the identifier of a resource (RFC 9728 section 1.2). RFC 9728 says that it should not
/// have a query, so a query only causes a warning.
pub(in crate::server) fn resource_identifier(text: &str) -> Result<ResourceIdentifier, String> {
    normal_url("`resource`", text)?;
    let identifier = ResourceIdentifier::new(text.to_owned());
    if identifier.query().is_some() {
        telemetry::resource_has_query(text);
    }
    Ok(identifier)
}

fn public_url(text: &str) -> Result<(), String> {
    match normal_url("`public_url`", text)?.query() {
        None => Ok(()),
        Some(_) => Err(format!("the `public_url` `{text}` has a query: remove it")),
    }
}

/// Parses a URL that is written in its normal form, for example with a host in lower case and
/// without a default port. Clients compare the text with the URL that they use, and clients that
/// parse the URL first would compare another text.
fn normal_url(name: &str, text: &str) -> Result<Url, String> {
    let url = url::url(name, text)?;
    let normal = url.as_str();
    // The parser adds the slash of an empty path.
    let without_slash = match (url.path(), url.query()) {
        ("/", None) => normal.strip_suffix('/').map(str::to_owned),
        ("/", Some(_)) => Some(normal.replacen("/?", "?", 1)),
        _ => None,
    };
    if text == normal || without_slash.as_deref() == Some(text) {
        return Ok(url);
    }
    let better = without_slash.filter(|_| !text.ends_with('/'));
    let better = better.as_deref().unwrap_or(normal);
    Err(format!("the {name} `{text}` is not in its normal form: write `{better}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::ResourceServer;

    #[test]
    fn a_resource_is_an_https_url_in_its_normal_form() {
        for good in [
            "https://api.example.com",
            "https://api.example.com/",
            "https://api.example.com:8443/mcp",
            "https://api.example.com/a/",
            "https://api.example.com/a%20b",
            "https://api.example.com?x=1",
            "https://api.example.com/?x=1",
            "https://api.example.com/a?x=1&y=/?",
            "http://127.0.0.1:3000/mcp",
            "http://[::1]:3000",
            "http://localhost:3000",
        ] {
            let identifier = resource_identifier(good).unwrap();
            assert_eq!(identifier.as_str(), good);
        }
        for (bad, remedy) in [
            ("", "is not an https URL"),
            ("api", "is not an https URL"),
            ("/mcp", "is not an https URL"),
            ("urn:example:api", "is not an https URL"),
            ("HTTPS://api.example.com", "is not an https URL"),
            (" https://api.example.com", "is not an https URL"),
            ("https://api.example.com/\"", "is not an https URL"),
            ("https://api.example.com/a\r\nb", "is not an https URL"),
            ("http://api.example.com", "http is for loopback only"),
            ("https://api.example.com#a", "has a fragment"),
            ("https://api.example.com/#", "has a fragment"),
            ("https://user:secret@api.example.com", "remove it"),
            ("https://API.example.com", "write `https://api.example.com`"),
            ("https://API.example.com/", "write `https://api.example.com/`"),
            ("https://API.example.com?x", "write `https://api.example.com?x`"),
            ("https://api.example.com:443/mcp", "write `https://api.example.com/mcp`"),
            ("https://api.example.com/a/../mcp", "write `https://api.example.com/mcp`"),
            ("https://api.example.com/a/./mcp", "write `https://api.example.com/a/mcp`"),
            ("https://127.1/mcp", "write `https://127.0.0.1/mcp`"),
        ] {
            let problem = resource_identifier(bad).unwrap_err();
            assert!(problem.contains(remedy), "{bad}: {problem}");
            assert!(!problem.contains("secret") && !problem.contains('\n'), "{problem}");
        }
    }

    #[test]
    fn all_problems_of_the_location_are_reported_together() {
        let builder = ResourceServer::builder()
            .issuer("https://id.example.com")
            .resource("https://api.example.com#a")
            .public_url("https://api.example.com/?a")
            .trusted_proxy("10.0.0.0/8")
            .trusted_proxy("")
            .trusted_proxy("0.0.0.0/0");
        let error = builder.build().unwrap_err();
        let problems: Vec<_> = error.problems().collect();
        assert_eq!(problems.len(), 4, "{problems:?}");
    }

    #[test]
    fn only_issuers_with_metadata_are_authorization_servers() {
        let jwks = serde_json::json!({ "keys": [] });
        for (issuer, expected) in [
            (Issuer::new("https://id.example.com/realms/acme"), true),
            (Issuer::new("https://id.example.com/"), true),
            (Issuer::new("https://id.example.com").jwks_uri("https://id.example.com/k"), true),
            (Issuer::new("https://id.example.com").metadata_url("https://x.example.com"), true),
            (Issuer::new("http://127.0.0.1:8080"), true),
            (Issuer::new("http://keycloak:8080/realms/acme"), false),
            (Issuer::new("http://keycloak:8080/realms/acme").insecure_http(), true),
            (Issuer::new("https://id.example.com?x").insecure_http(), false),
            (Issuer::new("http://keycloak:8080?x").insecure_http(), false),
            (Issuer::new("acme.com").metadata_url("https://id.example.com/x"), false),
            (Issuer::new("urn:example:issuer").jwks_uri("https://id.example.com/k"), false),
            (Issuer::new("https://id.example.com").jwks(jwks), false),
            (Issuer::new("https://id.example.com").jwks_file("keys.json"), false),
            (Issuer::new("https://id.example.com").public_key_pem(""), false),
        ] {
            assert_eq!(issuer.publishes_metadata(), expected, "{issuer:?}");
        }
    }
}
