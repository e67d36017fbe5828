//! Reads the claim `cnf`, which names the key to which a token is bound (RFC 7800 section 3.1).

use super::proof::Proof;
#[cfg(any(test, feature = "__testing"))]
use super::proof::Proofs;
use super::thumbprint::Thumbprint;
use crate::error::Fault;
use crate::json::Item;

/// The keys to which a token is bound. At least one of the two is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Binding {
    /// The thumbprint of the key that signs DPoP proofs (RFC 9449 section 6.1).
    pub(crate) jkt: Option<Thumbprint>,
    /// The thumbprint of the client certificate (RFC 8705 section 3.1).
    pub(crate) x5t: Option<Thumbprint>,
}

impl Binding {
    /// Returns the proofs that a request of the holder of all these keys presents.
    #[cfg(any(test, feature = "__testing"))]
    pub(crate) fn presented_by_holder(&self) -> Proofs {
        Proofs { dpop: self.jkt.is_some(), mtls: self.x5t.is_some() }
    }

    /// Reads the claim. RFC 7800 section 3.1 allows a server to ignore members that it does not
    /// know. This server refuses them: a token that is bound in a way that nobody checks would count
    /// as a bearer token. A token with both members needs both proofs.
    ///
    /// Keycloak 26.7 writes `kc-jkt-type` beside `jkt`. Its value `DPoP` says what `jkt` is, and is
    /// accepted; another value would be another kind of binding.
    pub(crate) fn read(cnf: Item<'_>) -> Result<Self, Fault> {
        let members = cnf.as_object().ok_or(Fault::CnfNotObject)?;
        let mut binding = Self { jkt: None, x5t: None };
        for (name, value) in members.members() {
            let place = match name {
                "jkt" => &mut binding.jkt,
                "x5t#S256" => &mut binding.x5t,
                "kc-jkt-type" if value.as_str() == Some("DPoP") => continue,
                _ => return Err(Fault::CnfUnknown),
            };
            let thumbprint = value.as_str().and_then(Thumbprint::parse);
            *place = Some(thumbprint.ok_or(Fault::CnfNotThumbprint)?);
        }
        if binding.jkt.is_none() && binding.x5t.is_none() {
            return Err(Fault::CnfEmpty);
        }
        Ok(binding)
    }

    /// Returns the proofs that a request must present with the token.
    pub(crate) fn proofs(&self) -> Vec<Proof> {
        let dpop = self.jkt.map(|_| Proof::Dpop);
        dpop.into_iter().chain(self.x5t.map(|_| Proof::Mtls)).collect()
    }
}

/// The binding that the configuration demands of every token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RequiredBinding {
    pub(crate) dpop: bool,
    pub(crate) mtls: bool,
    /// True if every token must be bound in one of the two ways.
    pub(crate) either: bool,
}

impl RequiredBinding {
    pub(crate) fn is_satisfied_by(self, binding: Option<&Binding>) -> bool {
        let has_jkt = binding.is_some_and(|binding| binding.jkt.is_some());
        let has_x5t = binding.is_some_and(|binding| binding.x5t.is_some());
        (!self.dpop || has_jkt) && (!self.mtls || has_x5t) && (!self.either || binding.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn read(cnf: &str) -> Result<Binding, Fault> {
        let document = json::object(format!("{{\"cnf\":{cnf}}}").as_bytes()).unwrap();
        Binding::read(document.root().get("cnf").unwrap())
    }

    #[test]
    fn only_known_members_with_digests_are_bindings() {
        let digest = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        let both = format!(r#"{{"jkt":"{digest}","x5t#S256":"{digest}"}}"#);
        let found = read(&both).unwrap();
        assert!(found.jkt.is_some() && found.x5t.is_some());
        let of_keycloak = format!(r#"{{"jkt":"{digest}","kc-jkt-type":"DPoP"}}"#);
        assert_eq!(read(&of_keycloak).unwrap().jkt, found.jkt);
        for (cnf, fault) in [
            ("1".to_owned(), Fault::CnfNotObject),
            ("[]".to_owned(), Fault::CnfNotObject),
            ("{}".to_owned(), Fault::CnfEmpty),
            (r#"{"jkt":1}"#.to_owned(), Fault::CnfNotThumbprint),
            (r#"{"jkt":null}"#.to_owned(), Fault::CnfNotThumbprint),
            (r#"{"jkt":""}"#.to_owned(), Fault::CnfNotThumbprint),
            (format!(r#"{{"x5t#S256":"{digest}="}}"#), Fault::CnfNotThumbprint),
            (format!(r#"{{"jkt":"{digest}","kid":"a"}}"#), Fault::CnfUnknown),
            (format!(r#"{{"x5t":"{digest}"}}"#), Fault::CnfUnknown),
            (format!(r#"{{"JKT":"{digest}"}}"#), Fault::CnfUnknown),
            (format!(r#"{{"jkt":"{digest}","kc-jkt-type":"Other"}}"#), Fault::CnfUnknown),
            (format!(r#"{{"jkt":"{digest}","kc-jkt-type":null}}"#), Fault::CnfUnknown),
            (r#"{"kc-jkt-type":"DPoP"}"#.to_owned(), Fault::CnfEmpty),
        ] {
            assert_eq!(read(&cnf), Err(fault), "{cnf}");
        }
    }
}
