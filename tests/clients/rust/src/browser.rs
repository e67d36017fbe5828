//! The user's browser at the sign-in page.

use oauth2::url::Url;

use crate::http::client;

/// Parameters that the browser takes from the server back to the client.
pub struct Callback {
    pub code: String,
    pub state: String,
}

/// Signs bob in as a browser would.
pub async fn sign_in(url: &Url) -> Result<Callback, Box<dyn std::error::Error>> {
    let form = client()?.get(url.as_str()).send().await?.text().await?;
    let ticket = form
        .split_once("name=\"ticket\" value=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .ok_or("no sign-in page")?;
    let consent = Url::parse_with_params(
        url.join("/consent")?.as_str(),
        [("ticket", ticket.0), ("subject", "bob")],
    )?;
    let body = consent.query().unwrap_or_default().to_owned();
    let answer = client()?
        .post(url.join("/consent")?.as_str())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await?;
    let location = answer.headers().get("location").ok_or("no redirect")?.to_str()?;
    let location = Url::parse(location)?;
    let parameter = |name| {
        let mut pairs = location.query_pairs();
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    Ok(Callback {
        code: parameter("code").ok_or("no code")?,
        state: parameter("state").ok_or("no state")?,
    })
}
