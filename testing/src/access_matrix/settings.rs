//! The settings of an access matrix, as the caller wrote them.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::case::Case;
use super::chosen_claims::ChosenClaims;
use super::token_place::TokenPlace;

/// The longest time that the access matrix waits for a response, unless the caller sets another.
const TIMEOUT: Duration = Duration::from_secs(10);

pub(super) struct Settings {
    pub(super) claims: ChosenClaims,
    pub(super) path_values: BTreeMap<String, String>,
    pub(super) headers: HeaderMap,
    pub(super) place: TokenPlace,
    /// The public URL of the API, which DPoP proofs name.
    pub(super) public_url: Option<String>,
    pub(super) timeout: Duration,
    /// The caller's cases, each with its route, for example `GET /orders/{id}`.
    pub(super) cases: Vec<(String, Case)>,
    pub(super) problems: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            claims: ChosenClaims::default(),
            path_values: BTreeMap::new(),
            headers: HeaderMap::new(),
            place: TokenPlace::default(),
            public_url: None,
            timeout: TIMEOUT,
            cases: Vec::new(),
            problems: Vec::new(),
        }
    }
}

/// Adds a header. Returns the problem if the name or the value is not possible in a header.
pub(super) fn add_header(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), String> {
    let header =
        HeaderName::try_from(name).map_err(|_| format!("`{name}` is not the name of a header"))?;
    let value = HeaderValue::try_from(value).map_err(|_| {
        format!("the value of the header `{name}` has characters that no header has")
    })?;
    headers.append(header, value);
    Ok(())
}
