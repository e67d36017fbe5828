//! Reads the token request.

use super::access::{Access, NamedAccess};
use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;
use super::possession::Confirmation;
use super::registered_clients::{RegisteredClient, Registration};
use super::user_consents::{PresentedCode, PresentedRefreshToken};

pub(super) enum TokenRequest<'a> {
    /// The exchange of a code (RFC 6749 section 4.1.3).
    AuthorizationCode(PresentedCode<'a>),
    /// The use of a refresh token (RFC 6749 section 6).
    RefreshToken(PresentedRefreshToken<'a>),
    /// A client's request for a token without a user (RFC 6749 section 4.4.2).
    ClientCredentials(Access),
}

impl<'a> TokenRequest<'a> {
    pub(super) fn read(
        parameters: &'a Parameters,
        client: &'a RegisteredClient,
        confirmation: &'a Confirmation,
        registration: &Registration,
    ) -> Result<Self, OAuthError> {
        let jkt = confirmation.jkt.as_deref();
        if client.dpop_bound_access_tokens && jkt.is_none() {
            return Err(ErrorCode::InvalidDpopProof.because("`DPoP` is missing"));
        }
        let client_id = &client.id;
        let access = |scope| NamedAccess::read(parameters, scope, registration);
        match parameters.required("grant_type")? {
            "authorization_code" => Ok(Self::AuthorizationCode(PresentedCode {
                client_id,
                code: parameters.required("code")?,
                redirect_uri: parameters.required("redirect_uri")?,
                code_verifier: parameters.required("code_verifier")?,
                // The request has no scope: it gets the scope of the code.
                access: access(None)?,
                jkt,
                is_public: client.secret.is_none(),
            })),
            "refresh_token" => Ok(Self::RefreshToken(PresentedRefreshToken {
                client_id,
                token: parameters.required("refresh_token")?,
                access: access(parameters.get("scope")?)?,
                jkt,
            })),
            // Only confidential clients may use client credentials (RFC 6749 section 4.4).
            "client_credentials" if client.secret.is_none() => Err(ErrorCode::UnauthorizedClient
                .because("a client without a secret cannot use client credentials")),
            "client_credentials" => {
                let scopes = &registration.scopes;
                Ok(Self::ClientCredentials(Access::read(parameters, scopes, registration)?))
            }
            _ => Err(ErrorCode::UnsupportedGrantType.because("`grant_type` is not supported")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::client::Client;
    use super::*;

    fn refused(client: &str, form: &str) -> Option<(ErrorCode, String)> {
        let page = Client::public("page").redirect_uri("http://127.0.0.1:3000/");
        let batch = Client::confidential("batch", "secret");
        let registration = Registration::read(vec![page, batch], Vec::new()).unwrap();
        let parameters = Parameters::of(form);
        let confirmation = Confirmation::default();
        let client = registration.client(client).unwrap();
        let read = TokenRequest::read(&parameters, client, &confirmation, &registration);
        read.err().map(|error| (error.code, error.description))
    }

    #[test]
    fn each_grant_type_requires_its_parameters() {
        let good = [
            ("page", "grant_type=authorization_code&code=a&redirect_uri=b&code_verifier=c"),
            ("page", "grant_type=refresh_token&refresh_token=a&scope=b"),
            ("batch", "grant_type=client_credentials"),
        ];
        for (client, form) in good {
            assert_eq!(refused(client, form), None, "{form}");
        }
        let invalid = |description: &str| (ErrorCode::InvalidRequest, description.to_owned());
        let cases = [
            ("", invalid("`grant_type` is missing")),
            (
                "grant_type=refresh_token&grant_type=refresh_token",
                invalid("`grant_type` appears twice"),
            ),
            ("grant_type=authorization_code", invalid("`code` is missing")),
            (
                "grant_type=authorization_code&code=a&redirect_uri=b",
                invalid("`code_verifier` is missing"),
            ),
            (
                "grant_type=authorization_code&code=a&code_verifier=c",
                invalid("`redirect_uri` is missing"),
            ),
            ("grant_type=refresh_token", invalid("`refresh_token` is missing")),
        ];
        for (form, expected) in cases {
            assert_eq!(refused("page", form), Some(expected), "{form}");
        }
        let code = |form: &str| refused("page", form).map(|(code, _)| code);
        assert_eq!(code("grant_type=client_credentials"), Some(ErrorCode::UnauthorizedClient));
        for unsupported in ["password", "implicit", "Refresh_Token"] {
            let form = format!("grant_type={unsupported}");
            assert_eq!(code(&form), Some(ErrorCode::UnsupportedGrantType));
        }
    }
}
