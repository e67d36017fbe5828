//! The placeholders in the `security` of operations. An attribute writes them instead of the names
//! of security schemes, because it does not know the server.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{DEFAULT_SCHEME, DPOP_SCHEME, MUTUAL_TLS_SCHEME};

/// The scopes and the proofs that the operations of a document demand.
#[derive(Default)]
pub(super) struct Used {
    pub(super) scopes: BTreeSet<String>,
    pub(super) dpop: bool,
    pub(super) certificate: bool,
}

/// A Security Requirement Object with a placeholder.
pub(super) struct Placeholder<'a> {
    /// The name or identifier of the issuer. `None` for all issuers.
    pub(super) issuer: Option<&'a str>,
    /// True if the operation demands a DPoP proof.
    pub(super) needs_dpop: bool,
    /// True if the operation demands a client certificate.
    pub(super) needs_certificate: bool,
    scopes: &'a Value,
    /// The members that another generator wrote.
    others: Map<String, Value>,
}

impl<'a> Placeholder<'a> {
    pub(super) fn of(alternative: &'a Value) -> Option<Self> {
        let members = alternative.as_object()?;
        let (name, scopes) = members.iter().find(|(name, _)| is_placeholder(name))?;
        let mut others = members.clone();
        others.remove(name);
        let needs_certificate = others.remove(MUTUAL_TLS_SCHEME).is_some();
        Some(Self {
            issuer: issuer_of(name),
            needs_dpop: name == DPOP_SCHEME,
            needs_certificate,
            scopes,
            others,
        })
    }

    pub(super) fn note(&self, used: &mut Used) {
        let texts = self.scopes.as_array().into_iter().flatten();
        used.scopes.extend(texts.filter_map(Value::as_str).map(str::to_owned));
        used.dpop |= self.needs_dpop;
        used.certificate |= self.needs_certificate;
    }

    /// Returns the alternative with this scheme in place of the placeholder, and with the scheme of
    /// the certificate if there is one.
    pub(super) fn replace(&self, scheme: String, certificate: Option<String>) -> Value {
        let mut object = self.others.clone();
        object.insert(scheme, self.scopes.clone());
        object.extend(certificate.map(|name| (name, json!([]))));
        object.into()
    }
}

fn is_placeholder(name: &str) -> bool {
    name == DEFAULT_SCHEME || name == DPOP_SCHEME || issuer_of(name).is_some()
}

/// Returns the issuer that a placeholder names. Returns `None` if it stands for all issuers.
fn issuer_of(name: &str) -> Option<&str> {
    name.strip_prefix(DEFAULT_SCHEME)?.strip_prefix('@')
}
