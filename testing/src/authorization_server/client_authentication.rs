//! Authenticates the client at the token endpoint (RFC 6749 section 2.3).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

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
    let (id, secret) = match (basic(headers)?, parameters.get("client_secret")?) {
        // An empty secret counts as omitted, in the header as in the form (RFC 6749 section 2.3.1).
        // Public clients send it whose HTTP library cannot leave the header out.
        (Some((id, secret)), None) => (id, Some(secret).filter(|secret| !secret.is_empty())),
        (None, secret) => {
            let id = parameters.required("client_id")?;
            (id.to_owned(), secret.map(str::to_owned))
        }
        (Some(_), Some(_)) => {
            return Err(ErrorCode::InvalidRequest.because("the client authenticates twice"));
        }
    };
    if parameters.get("client_id")?.is_some_and(|named| named != id) {
        return Err(ErrorCode::InvalidRequest
            .because("`client_id` is not the client in the `Authorization` header"));
    }
    let client = registration.client(&id).filter(|client| match (&client.secret, &secret) {
        (Some(registered), Some(presented)) => is_same(registered, presented),
        (None, None) => true,
        _ => false,
    });
    // The error is the same for an unknown client and an incorrect secret, so that an attacker
    // cannot find out which clients exist.
    client.ok_or_else(|| ErrorCode::InvalidClient.because("unknown client or incorrect secret"))
}

/// Returns the client id and the secret from the `Authorization` header. The client form-encodes
/// both, joins them by a colon, and encodes the result in base64 (RFC 6749 section 2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthError> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    let credentials = line.to_str().ok().and_then(credentials);
    match (credentials, lines.next()) {
        (Some(credentials), None) => Ok(Some(credentials)),
        _ => {
            Err(ErrorCode::InvalidClient
                .because("`Authorization` is not valid `Basic` credentials"))
        }
    }
}

fn credentials(line: &str) -> Option<(String, String)> {
    let (scheme, encoded) = line.split_once(' ')?;
    let octets = STANDARD.decode(encoded.trim_start_matches(' ')).ok()?;
    let text = String::from_utf8(octets).ok()?;
    let (id, secret) = text.split_once(':')?;
    let is_basic = scheme.eq_ignore_ascii_case("basic");
    is_basic.then_some((form_decoded(id)?, form_decoded(secret)?))
}

fn form_decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
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
