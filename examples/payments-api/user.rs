//! Plays the user: opens the sign-in page of the embedded authorization server, signs in, and
//! consents. In reality a person does this in a browser.

use reqwest::{Method, Request, Url};

use crate::client::Error;
use crate::client::http::{Http, form};

/// The user who signs in.
const SUBJECT: &str = "alice";

/// Opens the page, allows the access, and returns the URL to which the server sends the browser.
pub(crate) async fn allow(http: &Http, url: &Url) -> Result<Url, Error> {
    println!("  {SUBJECT} opens {url}, signs in and allows the access");
    let page = http.send_quietly(Request::new(Method::GET, url.clone())).await?;
    let ticket = page.body.split_once(r#"name="ticket" value=""#);
    let ticket = ticket.and_then(|(_, rest)| rest.split('"').next());
    let ticket = ticket.ok_or_else(|| format!("the page has no form: {}", page.body))?;
    let fields = [("ticket", ticket), ("subject", SUBJECT)];
    let answer = http.send_quietly(form(url.join("/consent")?, &fields)).await?;
    let location = answer.header("location").ok_or("the server does not return the browser")?;
    println!("  the server sends the browser to {location}");
    Ok(Url::parse(location)?)
}
