//! The API under test.

use serde_json::Value;

use crate::http::client;
use crate::report::{Outcome, check};

/// Checks that the API accepts a token and names its subject and its client.
pub async fn accepted(api: &str, token: &str, subject: &str, client: &str) -> Outcome {
    let (status, body) = call(api, token).await?;
    check(status == 200, &format!("the API answers {status}"))?;
    let body: Value = serde_json::from_str(&body)?;
    check(body["subject"] == subject && body["client"] == client, &body.to_string())?;
    let scopes = body["scopes"].as_array().ok_or("no scopes")?;
    check(scopes.iter().any(|scope| scope == "items:read"), "the scope is missing")
}

/// Checks that the API refuses a token.
pub async fn refused(api: &str, token: &str) -> Outcome {
    let (status, _) = call(api, token).await?;
    check(status == 401, &format!("the API answers {status}"))
}

async fn call(api: &str, token: &str) -> Result<(u16, String), reqwest::Error> {
    let request = client()?.get(format!("{api}/whoami")).bearer_auth(token);
    let answer = request.send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}
