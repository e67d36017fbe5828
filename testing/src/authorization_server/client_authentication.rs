//! Authenticates the client of a request (RFC 6749 section 2.3).

use axum::http::HeaderMap;

use super::credentials::Credentials;
use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;
use super::registered_clients::{RegisteredClient, Registration};
use super::secret::is_same;

/// Checks the secret of the client that the request names, if the client has a secret, and returns
/// the client. Returns an error for an unknown client or an incorrect secret.
pub(super) fn authenticate<'a>(
    headers: &HeaderMap,
    parameters: &Parameters,
    registration: &'a Registration,
) -> Result<&'a RegisteredClient, OAuthError> {
    let (id, secret) = match Credentials::read(headers, parameters)? {
        Credentials::Secret { id, secret } => (id, secret),
        Credentials::Bearer(_) | Credentials::Assertion(_) => {
            return Err(ErrorCode::InvalidClient.because("the client authenticates with a secret"));
        }
    };
    let client = registration.client(&id).filter(|client| match (&client.secret, &secret) {
        (Some(registered), Some(presented)) => is_same(registered, presented),
        (None, None) => true,
        _ => false,
    });
    // The error is the same for an unknown client and an incorrect secret, so that an attacker
    // cannot find out which clients exist.
    client.ok_or_else(|| ErrorCode::InvalidClient.because("unknown client or incorrect secret"))
}

#[cfg(test)]
mod tests {
    use axum::http::header::AUTHORIZATION;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::super::client::Client;
    use super::*;

    fn registration() -> Registration {
        let page = Client::public("page").redirect_uri("http://127.0.0.1:3000/");
        let batch = Client::confidential("batch", "a b:c+%");
        Registration::read(vec![page, batch], Vec::new()).unwrap()
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    fn outcome(authorization: &[&str], form: &str) -> Result<String, ErrorCode> {
        let mut headers = HeaderMap::new();
        for line in authorization {
            headers.append(AUTHORIZATION, line.parse().unwrap());
        }
        let registration = registration();
        let client = authenticate(&headers, &Parameters::of(form), &registration);
        client.map(|client| client.id.clone()).map_err(|error| error.code)
    }

    #[test]
    fn a_client_is_known_by_its_id_and_secret() {
        let good = basic("batch:a+b%3Ac%2B%25");
        let lower = good.replacen("Basic", "bAsIc", 1);
        let page = Ok("page".to_owned());
        assert_eq!(outcome(&[], "client_id=page"), page);
        assert_eq!(outcome(&[], "client_id=page&client_secret="), page);
        assert_eq!(outcome(&[&basic("page:")], ""), page);
        assert_eq!(outcome(&[&basic("page:")], "client_id=page"), page);
        let batch = Ok("batch".to_owned());
        assert_eq!(outcome(&[&good], ""), batch);
        assert_eq!(outcome(&[&lower], ""), batch);
        assert_eq!(outcome(&[&good], "client_id=batch"), batch);
        let form = "client_id=batch&client_secret=a+b%3Ac%2B%25";
        assert_eq!(outcome(&[], form), batch);
    }

    #[test]
    fn wrong_credentials_are_refused() {
        let good = basic("batch:a+b%3Ac%2B%25");
        let wrong = basic("batch:wrong");
        let secret = "client_id=batch&client_secret=a+b%3Ac%2B%25";
        let cases: [(&[&str], &str, ErrorCode); 18] = [
            (&[], "", ErrorCode::InvalidRequest),
            (&[], "client_id=page&client_id=page", ErrorCode::InvalidRequest),
            (&[], "client_id=unknown", ErrorCode::InvalidClient),
            (&[], "client_id=batch", ErrorCode::InvalidClient),
            (&[], "client_id=batch&client_secret=wrong", ErrorCode::InvalidClient),
            (&[], "client_id=batch&client_secret=", ErrorCode::InvalidClient),
            (&[], "client_id=page&client_secret=any", ErrorCode::InvalidClient),
            (&[], "client_secret=a+b%3Ac%2B%25", ErrorCode::InvalidRequest),
            (&[&wrong], "", ErrorCode::InvalidClient),
            (&[&good], secret, ErrorCode::InvalidRequest),
            (&[&good], "client_id=page", ErrorCode::InvalidRequest),
            (&[&good, &good], "", ErrorCode::InvalidClient),
            (&["Bearer abc"], "client_id=page", ErrorCode::InvalidClient),
            (&["Basic"], "client_id=page", ErrorCode::InvalidClient),
            (&["Basic !"], "client_id=page", ErrorCode::InvalidClient),
            (&[&basic("page:any")], "", ErrorCode::InvalidClient),
            (&[&basic("batch:")], "", ErrorCode::InvalidClient),
            (&[&basic("page")], "", ErrorCode::InvalidClient),
        ];
        for (authorization, form, expected) in cases {
            let outcome = outcome(authorization, form);
            assert_eq!(outcome, Err(expected), "{authorization:?} {form}");
        }
    }
}
