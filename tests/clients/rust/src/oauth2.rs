//! Drives the crate `oauth2` through the flows. Usage: oauth2 ISSUER API

use std::error::Error;

use clients::{
    Addresses, Outcome, PROGRAM_CALLBACK, SECRET, SERVICE_CALLBACK, accepted, check, refused,
    report, send, sign_in,
};
use oauth2::basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse};
use oauth2::{
    AccessToken, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, IntrospectionUrl, PkceCodeChallenge, RedirectUrl,
    RequestTokenError, Scope, TokenIntrospectionResponse, TokenResponse, TokenUrl,
};

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointSet, EndpointNotSet, EndpointSet>;

type CodeError = Box<dyn Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let addresses = Addresses::from_args()?;
    let program = client(&addresses, "program", None, PROGRAM_CALLBACK)?;
    let service = client(&addresses, "service", Some(AuthType::BasicAuth), SERVICE_CALLBACK)?;
    let posting = client(&addresses, "service", Some(AuthType::RequestBody), SERVICE_CALLBACK)?;
    let confidential = [&service, &posting];
    let api = &addresses.api;
    report("client credentials", client_credentials(api, confidential).await);
    report("code, public client", accepted_code(api, &program, "program").await);
    report("code, confidential client", confidential_code(api, confidential).await);
    report("wrong code verifier", wrong_code_verifier(&program).await);
    report("refresh, public client", refresh(api, &program, "program").await);
    report("refresh, confidential client", refresh(api, &service, "service").await);
    report("resource", resource(api, &program).await);
    let opaque = client(&addresses, "opaque", Some(AuthType::BasicAuth), SERVICE_CALLBACK)?;
    let asking = client(&addresses, "api", Some(AuthType::BasicAuth), SERVICE_CALLBACK)?;
    report("introspection", introspection(&asking, &program, &opaque).await);
    Ok(())
}

fn client(
    addresses: &Addresses,
    id: &str,
    authentication: Option<AuthType>,
    callback: &str,
) -> Result<Client, Box<dyn Error>> {
    let issuer = &addresses.issuer;
    let client = BasicClient::new(ClientId::new(id.to_owned()))
        .set_auth_uri(AuthUrl::new(format!("{issuer}/authorize"))?)
        .set_token_uri(TokenUrl::new(format!("{issuer}/token"))?)
        .set_introspection_url(IntrospectionUrl::new(format!("{issuer}/introspect"))?)
        .set_redirect_uri(RedirectUrl::new(callback.to_owned())?);
    Ok(match authentication {
        Some(authentication) => client
            .set_client_secret(ClientSecret::new(SECRET.to_owned()))
            .set_auth_type(authentication),
        None => client,
    })
}

/// Signs bob in and exchanges the code. `verifier` replaces the verifier of the request, and
/// `resource` names the API.
async fn code(
    client: &Client,
    resource: Option<&str>,
    verifier: Option<oauth2::PkceCodeVerifier>,
) -> Result<BasicTokenResponse, CodeError> {
    let (challenge, own_verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = client
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("items:read".to_owned()))
        .set_pkce_challenge(challenge);
    if let Some(resource) = resource {
        request = request.add_extra_param("resource", resource.to_owned());
    }
    let (url, state) = request.url();
    let callback = sign_in(&url).await?;
    check(callback.state == *state.secret(), "another state")?;
    let mut exchange = client
        .exchange_code(AuthorizationCode::new(callback.code))
        .set_pkce_verifier(verifier.unwrap_or(own_verifier));
    if let Some(resource) = resource {
        exchange = exchange.add_extra_param("resource", resource.to_owned());
    }
    match exchange.request_async(&send).await {
        Ok(tokens) => Ok(tokens),
        Err(RequestTokenError::ServerResponse(response)) => {
            Err(response.error().as_ref().to_owned().into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn client_credentials(api: &str, clients: [&Client; 2]) -> Outcome {
    for client in clients {
        let scope = Scope::new("items:read".to_owned());
        let request = client.exchange_client_credentials().add_scope(scope);
        let tokens = request.request_async(&send).await?;
        accepted(api, tokens.access_token().secret(), "service", "service").await?;
    }
    Ok(())
}

async fn accepted_code(api: &str, client: &Client, id: &str) -> Outcome {
    let tokens = code(client, None, None).await?;
    accepted(api, tokens.access_token().secret(), "bob", id).await
}

async fn confidential_code(api: &str, clients: [&Client; 2]) -> Outcome {
    for client in clients {
        accepted_code(api, client, "service").await?;
    }
    Ok(())
}

async fn wrong_code_verifier(client: &Client) -> Outcome {
    let (_, other) = PkceCodeChallenge::new_random_sha256();
    match code(client, None, Some(other)).await {
        Ok(_) => Err("not refused".into()),
        Err(error) => check(error.to_string() == "invalid_grant", &error.to_string()),
    }
}

async fn refresh(api: &str, client: &Client, id: &str) -> Outcome {
    let first = code(client, None, None).await?;
    let token = first.refresh_token().ok_or("no refresh token")?;
    let second = client.exchange_refresh_token(token).request_async(&send).await?;
    accepted(api, second.access_token().secret(), "bob", id).await?;
    match client.exchange_refresh_token(token).request_async(&send).await {
        Err(RequestTokenError::ServerResponse(response)) => check(
            *response.error() == BasicErrorResponseType::InvalidGrant,
            "refused for another reason",
        ),
        Err(error) => Err(error.into()),
        Ok(_) => Err("the replaced refresh token is not refused".into()),
    }
}

async fn resource(api: &str, client: &Client) -> Outcome {
    let tokens = code(client, Some(&format!("{api}/")), None).await?;
    accepted(api, tokens.access_token().secret(), "bob", "program").await?;
    let other = code(client, Some("https://other.example.com"), None).await?;
    refused(api, other.access_token().secret()).await
}

/// Asks, as an API, about the token of a user and about an opaque one.
async fn introspection(api: &Client, program: &Client, opaque: &Client) -> Outcome {
    let user = code(program, None, None).await?;
    let request = opaque.exchange_client_credentials();
    let machine =
        request.add_scope(Scope::new("items:read".to_owned())).request_async(&send).await?;
    for (tokens, subject, client) in [(user, "bob", "program"), (machine, "opaque", "opaque")] {
        let answer = api.introspect(tokens.access_token()).request_async(&send).await?;
        check(answer.active(), "the token is not active")?;
        check(answer.sub() == Some(subject), "another subject")?;
        check(answer.client_id().is_some_and(|id| id.as_str() == client), "another client")?;
        let scopes = answer.scopes().map(Vec::as_slice).unwrap_or_default();
        check(scopes.iter().any(|scope| scope.as_str() == "items:read"), "the scope is missing")?;
    }
    let unknown = AccessToken::new("unknown".to_owned());
    let answer = api.introspect(&unknown).request_async(&send).await?;
    check(!answer.active(), "an unknown token is active")
}
