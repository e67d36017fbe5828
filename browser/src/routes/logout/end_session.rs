//! The address of the provider at which a user signs out.

use url::Url;

/// A request to the end-session endpoint (OpenID Connect RP-Initiated Logout 1.0 section 2).
pub(super) struct EndSession<'a> {
    pub(super) client_id: &'a str,
    /// The ID token. The provider may ask the user for a confirmation if there is none.
    pub(super) id_token_hint: Option<&'a str>,
    pub(super) post_logout_redirect_uri: &'a Url,
    /// A random value that the provider returns.
    pub(super) state: &'a str,
}

impl EndSession<'_> {
    /// Returns the address. Parameters that the endpoint has already are kept.
    pub(super) fn url(&self, endpoint: &Url) -> Url {
        let mut url = endpoint.clone();
        let mut query = url.query_pairs_mut();
        if let Some(hint) = self.id_token_hint {
            query.append_pair("id_token_hint", hint);
        }
        query
            .append_pair("client_id", self.client_id)
            .append_pair("post_logout_redirect_uri", self.post_logout_redirect_uri.as_str())
            .append_pair("state", self.state);
        drop(query);
        url
    }
}

/// Returns the address without the ID token. Returns `None` if it contains none.
pub(super) fn without_hint(address: &Url) -> Option<Url> {
    let is_hint = |name: &str| name == "id_token_hint";
    if !address.query_pairs().any(|(name, _)| is_hint(&name)) {
        return None;
    }
    let mut shorter = address.clone();
    let others = address.query_pairs().filter(|(name, _)| !is_hint(name));
    shorter.query_pairs_mut().clear().extend_pairs(others);
    Some(shorter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_has_the_parameters_of_the_specification() {
        let redirect = "https://app.example.com/?a=b".parse().unwrap();
        let mut request = EndSession {
            client_id: "the client",
            id_token_hint: Some("a.b.c"),
            post_logout_redirect_uri: &redirect,
            state: "s",
        };
        let rest = "client_id=the+client&\
                    post_logout_redirect_uri=https%3A%2F%2Fapp.example.com%2F%3Fa%3Db&state=s";
        let endpoint = "https://idp.example.com/logout".parse().unwrap();
        let expected = format!("https://idp.example.com/logout?id_token_hint=a.b.c&{rest}");
        assert_eq!(request.url(&endpoint).as_str(), expected);
        let without_hint = without_hint(&request.url(&endpoint)).unwrap();
        request.id_token_hint = None;
        assert_eq!(without_hint, request.url(&endpoint));
        assert_eq!(super::without_hint(&without_hint), None);
        let endpoint = "https://idp.example.com/logout?tenant=1".parse().unwrap();
        let expected = format!("https://idp.example.com/logout?tenant=1&{rest}");
        assert_eq!(request.url(&endpoint).as_str(), expected);
    }
}
