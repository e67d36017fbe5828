//! Drives the crate `openidconnect` through the flows. Usage: openidconnect ISSUER API

use clients::{
    Addresses, Outcome, PROGRAM_CALLBACK, SECRET, SERVICE_CALLBACK, accepted, check, refused,
    report, send, sign_in,
};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreProviderMetadata,
    CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, SubjectIdentifier, TokenResponse,
};

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let addresses = Addresses::from_args()?;
    let issuer = IssuerUrl::new(addresses.issuer.clone())?;
    let metadata = CoreProviderMetadata::discover_async(issuer, &send).await?;
    let program = client(&metadata, "program", None, PROGRAM_CALLBACK)?;
    let service = client(&metadata, "service", Some(AuthType::BasicAuth), SERVICE_CALLBACK)?;
    let posting = client(&metadata, "service", Some(AuthType::RequestBody), SERVICE_CALLBACK)?;
    let confidential = [&service, &posting];
    let api = &addresses.api;
    report("client credentials", client_credentials(api, confidential).await);
    report("code, public client", accepted_code(api, &program, "program").await);
    report("code, confidential client", confidential_code(api, confidential).await);
    report("wrong code verifier", wrong_code_verifier(&program).await);
    report("refresh, public client", refresh(api, &program, "program").await);
    report("refresh, confidential client", refresh(api, &service, "service").await);
    report("resource", resource(api, &program).await);
    report("ID token", id_token(api, &program).await);
    report("wrong nonce", wrong_nonce(&program).await);
    report("userinfo", user_info(&program).await);
    Ok(())
}

fn client(
    metadata: &CoreProviderMetadata,
    id: &str,
    authentication: Option<AuthType>,
    callback: &str,
) -> Result<Client> {
    let secret = authentication.as_ref().map(|_| ClientSecret::new(SECRET.to_owned()));
    let id = ClientId::new(id.to_owned());
    let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret)
        .set_redirect_uri(RedirectUrl::new(callback.to_owned())?);
    Ok(match authentication {
        Some(authentication) => client.set_auth_type(authentication),
        None => client,
    })
}

/// Signs bob in and exchanges the code. `verifier` replaces the verifier of the request, and
/// `resource` names the API.
async fn code(
    client: &Client,
    resource: Option<&str>,
    verifier: Option<PkceCodeVerifier>,
) -> Result<(CoreTokenResponse, Nonce)> {
    let (challenge, own_verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("items:read".to_owned()))
        .set_pkce_challenge(challenge);
    if let Some(resource) = resource {
        request = request.add_extra_param("resource", resource.to_owned());
    }
    let (url, state, nonce) = request.url();
    let callback = sign_in(&url).await?;
    check(callback.state == *state.secret(), "another state")?;
    let mut exchange = client
        .exchange_code(AuthorizationCode::new(callback.code))?
        .set_pkce_verifier(verifier.unwrap_or(own_verifier));
    if let Some(resource) = resource {
        exchange = exchange.add_extra_param("resource", resource.to_owned());
    }
    match exchange.request_async(&send).await {
        Ok(tokens) => Ok((tokens, nonce)),
        Err(RequestTokenError::ServerResponse(response)) => {
            Err(response.error().as_ref().to_owned().into())
        }
        Err(error) => Err(error.into()),
    }
}

fn id_token_of(tokens: &CoreTokenResponse) -> Result<&CoreIdToken> {
    tokens.id_token().ok_or_else(|| "no ID token".into())
}

/// Verifies the ID token of a code, and compares its `at_hash`.
fn claims(client: &Client, tokens: &CoreTokenResponse, nonce: &Nonce) -> Result<CoreIdTokenClaims> {
    let id_token = id_token_of(tokens)?;
    let verifier = client.id_token_verifier();
    let claims = id_token.claims(&verifier, nonce)?;
    let (algorithm, key) = (id_token.signing_alg()?, id_token.signing_key(&verifier)?);
    let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)?;
    check(claims.access_token_hash() == Some(&hash), "`at_hash` is of another token")?;
    Ok(claims.clone())
}

async fn client_credentials(api: &str, clients: [&Client; 2]) -> Outcome {
    for client in clients {
        let scope = Scope::new("items:read".to_owned());
        let request = client.exchange_client_credentials()?.add_scope(scope);
        let tokens = request.request_async(&send).await?;
        accepted(api, tokens.access_token().secret(), "service", "service").await?;
    }
    Ok(())
}

async fn accepted_code(api: &str, client: &Client, id: &str) -> Outcome {
    let (tokens, nonce) = code(client, None, None).await?;
    claims(client, &tokens, &nonce)?;
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
    let (first, _) = code(client, None, None).await?;
    let token = first.refresh_token().ok_or("no refresh token")?;
    let second = client.exchange_refresh_token(token)?.request_async(&send).await?;
    accepted(api, second.access_token().secret(), "bob", id).await?;
    let any_nonce = |_: Option<&Nonce>| Ok(());
    let claims = id_token_of(&second)?.claims(&client.id_token_verifier(), any_nonce)?;
    check(claims.subject().as_str() == "bob", "another subject")?;
    match client.exchange_refresh_token(token)?.request_async(&send).await {
        Err(RequestTokenError::ServerResponse(response)) => {
            check(response.error().as_ref() == "invalid_grant", "refused for another reason")
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err("the replaced refresh token is not refused".into()),
    }
}

async fn resource(api: &str, client: &Client) -> Outcome {
    let (tokens, _) = code(client, Some(&format!("{api}/")), None).await?;
    accepted(api, tokens.access_token().secret(), "bob", "program").await?;
    let (other, _) = code(client, Some("https://other.example.com"), None).await?;
    refused(api, other.access_token().secret()).await
}

async fn id_token(api: &str, client: &Client) -> Outcome {
    let (tokens, nonce) = code(client, None, None).await?;
    let claims = claims(client, &tokens, &nonce)?;
    check(claims.subject().as_str() == "bob", "another subject")?;
    check(claims.auth_time().is_some(), "`auth_time` is missing")?;
    refused(api, &id_token_of(&tokens)?.to_string()).await
}

async fn wrong_nonce(client: &Client) -> Outcome {
    let (tokens, _) = code(client, None, None).await?;
    let verifier = client.id_token_verifier();
    match id_token_of(&tokens)?.claims(&verifier, &Nonce::new_random()) {
        Err(ClaimsVerificationError::InvalidNonce(_)) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(_) => Err("not refused".into()),
    }
}

async fn user_info(client: &Client) -> Outcome {
    let (tokens, _) = code(client, None, None).await?;
    let subject = SubjectIdentifier::new("bob".to_owned());
    let request = client.user_info(tokens.access_token().clone(), Some(subject))?;
    let claims: CoreUserInfoClaims = request.request_async(&send).await?;
    check(claims.subject().as_str() == "bob", "another subject")
}
