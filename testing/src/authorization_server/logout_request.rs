//! The logout request (OpenID Connect RP-Initiated Logout 1.0 section 2).

use url::Url;

use super::error::{ErrorCode, OAuthError};
use super::grant::Grant;
use super::parameters::Parameters;
use super::registered_clients::Registration;

/// A logout that a client has started through the browser of its user.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LogoutRequest {
    /// The `sid` of the session that ends. Without an ID token in the request there is none: the
    /// server cannot tell whose session it is, because it keeps no session of the browser.
    pub(super) session: Option<String>,
    /// The address to which the browser goes after the logout.
    pub(super) redirect: Option<Url>,
}

impl LogoutRequest {
    /// Reads a logout request. `hint` returns the grant of an ID token that this server has issued.
    /// The token may have expired (section 2).
    pub(super) fn read(
        parameters: &Parameters,
        registration: &Registration,
        hint: impl FnOnce(&str) -> Option<Grant>,
    ) -> Result<Self, OAuthError> {
        let refused = |description: &str| ErrorCode::InvalidRequest.because(description);
        let grant = match parameters.get("id_token_hint")? {
            None => None,
            Some(token) => Some(
                hint(token)
                    .ok_or_else(|| refused("`id_token_hint` is not an ID token of this server"))?,
            ),
        };
        let named = parameters.get("client_id")?;
        if let (Some(grant), Some(named)) = (&grant, named)
            && grant.client_id != named
        {
            return Err(refused("`client_id` is not the client of `id_token_hint`"));
        }
        let client_id = named.or_else(|| grant.as_ref().map(|grant| grant.client_id.as_str()));
        let redirect = redirect(parameters, registration, client_id)?;
        Ok(Self { session: grant.and_then(|grant| grant.session().map(str::to_owned)), redirect })
    }
}

/// Returns the requested redirect with the `state` of the request. The server compares the redirect
/// URI with those that the client has registered for logouts (section 3).
fn redirect(
    parameters: &Parameters,
    registration: &Registration,
    client_id: Option<&str>,
) -> Result<Option<Url>, OAuthError> {
    let state = parameters.get("state")?;
    let Some(requested) = parameters.get("post_logout_redirect_uri")? else {
        return Ok(None);
    };
    let registered = client_id
        .and_then(|client_id| registration.client(client_id))
        .and_then(|client| {
            client.post_logout_redirect_uris.iter().find(|uri| uri.text == requested)
        })
        .ok_or_else(|| {
            ErrorCode::InvalidRequest
                .because("`post_logout_redirect_uri` is not registered for this client")
        })?;
    let mut url = registered.url.clone();
    if let Some(state) = state {
        url.query_pairs_mut().append_pair("state", state);
    }
    Ok(Some(url))
}

#[cfg(test)]
mod tests {
    use super::super::access::Access;
    use super::super::client::Client;
    use super::super::grant::SignIn;
    use super::*;

    const SIGNED_OUT: &str = "http://127.0.0.1:3000/signed-out?a=b";

    fn read(query: &str) -> Result<LogoutRequest, OAuthError> {
        let page = Client::public("page")
            .redirect_uri("http://127.0.0.1:3000/callback")
            .post_logout_redirect_uri(SIGNED_OUT);
        let other = Client::public("other").redirect_uri("http://127.0.0.1:4000/callback");
        let registration = Registration::read(vec![page, other], Vec::new()).unwrap();
        LogoutRequest::read(&Parameters::of(query), &registration, |token| {
            let access = Access { scope: Vec::new(), audience: Vec::new(), details: Vec::new() };
            let session = "s".to_owned();
            let sign_in = Some(SignIn { auth_time: 7, acr: None, nonce: None, session });
            (token == "id-token").then(|| Grant { sign_in, ..Grant::of_client("page", access) })
        })
    }

    fn redirect(query: &str) -> Option<String> {
        read(query).unwrap().redirect.map(String::from)
    }

    #[test]
    fn an_id_token_names_the_session_and_the_client() {
        let session = |query: &str| read(query).unwrap().session;
        assert_eq!(session("id_token_hint=id-token"), Some("s".to_owned()));
        assert_eq!(session("id_token_hint=id-token&client_id=page"), Some("s".to_owned()));
        assert_eq!(session("client_id=page"), None);
        assert_eq!(session(""), None);
        let to_page = "post_logout_redirect_uri=http://127.0.0.1:3000/signed-out?a%3Db";
        assert_eq!(redirect(&format!("id_token_hint=id-token&{to_page}")), Some(SIGNED_OUT.into()));
        assert_eq!(redirect(&format!("client_id=page&{to_page}")), Some(SIGNED_OUT.into()));
        assert_eq!(
            redirect(&format!("client_id=page&{to_page}&state=x%26y")),
            Some(format!("{SIGNED_OUT}&state=x%26y"))
        );
        assert_eq!(redirect("client_id=page&state=x"), None);
    }

    #[test]
    fn no_redirect_goes_to_an_unregistered_address() {
        let hint = "`id_token_hint` is not an ID token of this server";
        let client = "`client_id` is not the client of `id_token_hint`";
        let unregistered = "`post_logout_redirect_uri` is not registered for this client";
        let registered = "post_logout_redirect_uri=http://127.0.0.1:3000/signed-out?a%3Db";
        let cases = [
            ("id_token_hint=forged".to_owned(), hint),
            ("id_token_hint=id-token&client_id=other".to_owned(), client),
            (registered.to_owned(), unregistered),
            (format!("client_id=other&{registered}"), unregistered),
            (format!("client_id=unknown&{registered}"), unregistered),
            (format!("client_id=page&{registered}%26c%3Dd"), unregistered),
            // A redirect URI for sign-ins is not one for logouts.
            (
                "client_id=page&post_logout_redirect_uri=http://127.0.0.1:3000/callback".to_owned(),
                unregistered,
            ),
            (
                "id_token_hint=id-token&post_logout_redirect_uri=https://evil.example/".to_owned(),
                unregistered,
            ),
            ("client_id=page&client_id=page".to_owned(), "`client_id` appears twice"),
        ];
        for (query, expected) in cases {
            assert_eq!(read(&query).unwrap_err().description, expected, "{query}");
        }
    }
}
