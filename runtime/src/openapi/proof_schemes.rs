//! The security schemes of proofs of possession, and the header with the nonce for a proof.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::access_docs::UNAUTHORIZED;
use super::scheme::{Kind, Scheme};

/// The status code of the refusal that demands another nonce.
pub(super) const UNAUTHORIZED_STATUS: &str = "401";

/// The settings of a server that takes DPoP proofs (RFC 9449).
#[derive(Debug, Clone, Copy)]
pub(super) struct DpopScheme {
    /// True if the server refuses tokens without a proof.
    pub(super) is_required: bool,
    /// True if the server demands its nonces in proofs.
    pub(super) has_nonces: bool,
}

impl DpopScheme {
    pub(super) fn scheme<'a>() -> Scheme<'a> {
        let description = "Access tokens in `Authorization: DPoP <token>`. Each request has a new \
                           proof in the header `DPoP` (RFC 9449)";
        Scheme {
            description: description.to_owned(),
            kind: Kind::NamedScheme("DPoP"),
            scopes: BTreeMap::new(),
        }
    }
}

/// Returns the scheme of client certificates. OpenAPI has it since version 3.1.
pub(super) fn mutual_tls<'a>() -> Scheme<'a> {
    let description = "The client certificate to which the access token is bound (RFC 8705)";
    Scheme { description: description.to_owned(), kind: Kind::MutualTls, scopes: BTreeMap::new() }
}

/// Adds the header `DPoP-Nonce` to the 401 response of an operation. Keeps a response that the
/// author wrote.
pub(super) fn add_nonce(response: &mut Value) {
    if response.get("description") != Some(&json!(UNAUTHORIZED)) {
        return;
    }
    if let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) {
        let meaning = "the nonce for the next proof, if the error is `use_dpop_nonce` (RFC 9449 \
                       section 8)";
        let header = json!({"description": meaning, "schema": {"type": "string"}});
        headers.insert("DPoP-Nonce".to_owned(), header);
    }
}
