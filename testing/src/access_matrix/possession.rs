//! The keys to which the access matrix binds tokens, and the proofs of its requests.

use std::io;

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use crate::DpopKey;
use crate::digest::sha256;

/// The header of DPoP proofs (RFC 9449 section 4.1).
const DPOP: HeaderName = HeaderName::from_static("dpop");

/// The octets of the client certificate. The server only compares their digest, and does not parse
/// them.
pub(super) const CERTIFICATE: &[u8] = b"the client certificate of the access matrix";

/// The octets of a certificate to which no token is bound.
pub(super) const OTHER_CERTIFICATE: &[u8] = b"another client certificate";

/// The keys with which requests prove possession.
#[derive(Clone)]
pub(super) struct Possession {
    /// The key of DPoP proofs, and the URL of the API. `None` if the caller has not set the URL, for
    /// example because the server accepts no proofs.
    dpop: Option<Dpop>,
}

#[derive(Clone)]
struct Dpop {
    url: String,
    key: DpopKey,
    other_key: DpopKey,
}

/// The keys to which a token is bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Binding {
    pub(super) dpop: bool,
    pub(super) mtls: bool,
}

/// The proofs that a request presents for a bound token: the right ones, or one mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proofs {
    Right,
    NoDpop,
    SchemeBearer,
    UsedDpop,
    OtherMethod,
    OtherUrl,
    OtherKey,
    NoCertificate,
    OtherCertificate,
}

impl Binding {
    /// Reads the binding of a token with these claims.
    pub(super) fn of(claims: &Map<String, Value>) -> Self {
        let has = |member| claims.get("cnf").is_some_and(|cnf| cnf.get(member).is_some());
        Self { dpop: has("jkt"), mtls: has("x5t#S256") }
    }
}

impl Possession {
    /// Generates the keys. `url` is the public URL of the API, which DPoP proofs name.
    pub(super) fn new(url: Option<&str>) -> io::Result<Self> {
        let dpop = match url {
            Some(url) => Some(Dpop {
                url: url.trim_end_matches('/').to_owned(),
                key: DpopKey::generate()?,
                other_key: DpopKey::generate()?,
            }),
            None => None,
        };
        Ok(Self { dpop })
    }

    pub(super) fn has_dpop(&self) -> bool {
        self.dpop.is_some()
    }

    /// Sets the thumbprints of these keys in the claim `cnf`, if it has thumbprints. Removes the
    /// binding to a key of DPoP proofs if there is none.
    pub(super) fn bind(&self, claims: &mut Map<String, Value>) {
        let Some(Value::Object(cnf)) = claims.get_mut("cnf") else {
            return;
        };
        if let Some(x5t) = cnf.get_mut("x5t#S256") {
            *x5t = json!(sha256(CERTIFICATE));
        }
        match &self.dpop {
            Some(dpop) if cnf.contains_key("jkt") => {
                cnf.insert("jkt".to_owned(), json!(dpop.key.thumbprint()));
            }
            _ => {
                cnf.remove("jkt");
            }
        }
        if cnf.is_empty() {
            claims.remove("cnf");
        }
    }

    /// Returns the DPoP proof of a request with this method to this path.
    pub(super) fn proof(
        &self,
        method: &str,
        path: &str,
        token: &str,
        proofs: Proofs,
    ) -> Option<String> {
        let Dpop { url, key, other_key } = self.dpop.as_ref()?;
        let key = if proofs == Proofs::OtherKey { other_key } else { key };
        let method = match (proofs, method) {
            (Proofs::OtherMethod, "PATCH") => "PUT",
            (Proofs::OtherMethod, _) => "PATCH",
            (_, method) => method,
        };
        let path = path.split('?').next().unwrap_or(path);
        let more = if proofs == Proofs::OtherUrl { "/other" } else { "" };
        Some(key.proof(method, format!("{url}{path}{more}")).access_token(token).sign())
    }
}

/// Puts a token with a DPoP proof into the headers of a request (RFC 9449 section 7.1).
pub(super) fn add_dpop(
    token: &str,
    proof: &str,
    proofs: Proofs,
    headers: &mut HeaderMap,
) -> Result<(), String> {
    let value = |text: &str| {
        HeaderValue::try_from(text).map_err(|_| "the token is not possible in a header".to_owned())
    };
    let scheme = if proofs == Proofs::SchemeBearer { "Bearer" } else { "DPoP" };
    headers.insert(AUTHORIZATION, value(&format!("{scheme} {token}"))?);
    if proofs != Proofs::NoDpop {
        headers.insert(DPOP, value(proof)?);
    }
    Ok(())
}
