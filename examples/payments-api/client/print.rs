//! Prints requests and responses for a reader. Tokens and proofs are shortened, because nobody can use
//! a token without the key, or a proof twice. Below a proof are its claims. A form has a line for
//! each decoded parameter.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Request;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;

use super::http::{Answer, FORM};

/// The headers of responses that are worth a line.
const SHOWN: [&str; 4] = ["content-type", "dpop-nonce", "location", "www-authenticate"];

pub(super) fn request(request: &Request) {
    println!("> {} {}", request.method(), request.url());
    for (name, value) in request.headers() {
        header('>', name, value);
    }
    let Some(body) = request.body().and_then(|body| body.as_bytes()) else { return };
    println!(">");
    if request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == FORM) {
        for (name, value) in url::form_urlencoded::parse(body) {
            let is_token = name == "token";
            println!(">   {name}: {}", if is_token { shortened(&value) } else { value.into() });
        }
    } else {
        println!("> {}", String::from_utf8_lossy(body));
    }
}

pub(super) fn answer(answer: &Answer) {
    println!("< {}", answer.status);
    for (name, value) in &answer.headers {
        if SHOWN.contains(&name.as_str()) {
            header('<', name, value);
        }
    }
    if answer.body.is_empty() {
        return;
    }
    match serde_json::from_str(&answer.body) {
        Ok(document) => println!("<\n< {}", without_tokens(document)),
        Err(_) => println!("<\n< {}", answer.body),
    }
}

fn header(direction: char, name: &HeaderName, value: &HeaderValue) {
    let text = String::from_utf8_lossy(value.as_bytes());
    match (name.as_str(), text.split_once(' ')) {
        ("authorization", Some((scheme, credential))) => {
            println!("{direction} {name}: {scheme} {}", shortened(credential));
        }
        ("dpop", _) => {
            println!("{direction} {name}: {}", shortened(&text));
            println!("{direction}   the claims of this proof: {}", claims(&text));
        }
        _ => println!("{direction} {name}: {text}"),
    }
}

/// Returns the beginning of a secret text.
fn shortened(text: &str) -> String {
    let beginning: String = text.chars().take(12).collect();
    format!("{beginning}...")
}

/// Returns the claims of a JWT as JSON.
fn claims(jwt: &str) -> String {
    let part = jwt.split('.').nth(1).unwrap_or_default();
    let octets = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    String::from_utf8_lossy(&octets).into_owned()
}

/// Shortens the tokens of a token response.
fn without_tokens(mut document: Value) -> Value {
    for name in ["access_token", "refresh_token"] {
        if let Some(Value::String(token)) = document.get_mut(name) {
            *token = shortened(token);
        }
    }
    document
}
