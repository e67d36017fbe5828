//! The names of the security schemes in a document.

use super::component_name::component_name;
use super::cookie_scheme::CookieScheme;
use super::placeholder::Placeholder;
use super::{DPOP_SCHEME, MUTUAL_TLS_SCHEME, OpenApiSecurity};
use crate::api_key;

/// The name of the scheme of API keys.
const API_KEY_SCHEME: &str = "api_key";

impl OpenApiSecurity {
    /// Returns the names of the schemes in the order of the issuers.
    pub(super) fn names(&self) -> Vec<String> {
        if let [_] = self.issuers.as_slice() {
            return vec![self.name.clone()];
        }
        let mut names: Vec<String> = Vec::new();
        for (number, issuer) in (1..).zip(&self.issuers) {
            let name = issuer
                .name
                .as_deref()
                .map(component_name)
                .filter(|name| !names.contains(name))
                .unwrap_or_else(|| format!("{}_{number}", self.name));
            names.push(name);
        }
        names
    }

    /// Returns the name of the scheme of API keys.
    pub(super) fn api_key_name(&self) -> Option<String> {
        self.api_keys.as_ref()?;
        self.free_name(API_KEY_SCHEME)
    }

    /// Returns the name of the scheme of tokens with a DPoP proof.
    pub(super) fn dpop_name(&self) -> Option<String> {
        self.free_name(DPOP_SCHEME)
    }

    /// Returns the name of the scheme of client certificates.
    pub(super) fn mutual_tls_name(&self) -> Option<String> {
        self.free_name(MUTUAL_TLS_SCHEME)
    }

    pub(super) fn cookie_schemes(&self) -> impl Iterator<Item = (String, &CookieScheme)> {
        self.cookies.iter().filter_map(|cookie| Some((self.free_name(cookie.name)?, cookie)))
    }

    /// Returns this name, with a number if the scheme of an issuer has the name.
    fn free_name(&self, wanted: &str) -> Option<String> {
        let issuers = self.names();
        let numbered = (1..).map(|number: u32| format!("{wanted}_{number}"));
        std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !issuers.contains(name))
    }

    /// Returns the names of the schemes of tokens that a placeholder stands for: those of its
    /// issuers, the one of tokens with a proof, and those of cookies, in which tokens may come too.
    /// If a proof is necessary, only the scheme `DPoP` remains.
    pub(super) fn token_names(&self, placeholder: &Placeholder<'_>) -> Vec<String> {
        let of_issuers = self.names().into_iter().zip(&self.issuers).filter(|(_, known)| {
            let text = known.name.as_deref().unwrap_or(&known.identifier);
            placeholder.issuer.is_none_or(|issuer| issuer == text)
        });
        let mut names: Vec<_> = of_issuers.map(|(name, _)| name).collect();
        if names.is_empty() && !placeholder.needs_dpop {
            return names;
        }
        let takes_proofs = self.dpop.is_some() || placeholder.needs_dpop;
        let with_proof = self.dpop_name().filter(|_| takes_proofs);
        let requires_dpop = self.dpop.as_ref().is_some_and(|dpop| dpop.is_required);
        if placeholder.needs_dpop || requires_dpop {
            return with_proof.into_iter().collect();
        }
        names.extend(with_proof);
        names.extend(self.cookie_schemes().map(|(name, _)| name));
        names
    }

    /// Returns the name of the scheme of client certificates, if a token of this scheme needs one. A
    /// server that requires some binding takes a token with a DPoP proof without a certificate.
    pub(super) fn certificate_name(
        &self,
        placeholder: &Placeholder<'_>,
        scheme: &str,
    ) -> Option<String> {
        let lacks_binding =
            self.requires_binding && self.dpop_name().is_none_or(|dpop| dpop != scheme);
        let is_needed =
            placeholder.needs_certificate || self.requires_certificates || lacks_binding;
        self.mutual_tls_name().filter(|_| is_needed)
    }

    /// Returns the name of the scheme of API keys, if the placeholder stands for it. An API key is
    /// not bound to a key of the caller, so it never comes with a proof.
    pub(super) fn key_name(&self, placeholder: &Placeholder<'_>) -> Option<String> {
        let is_of_keys = placeholder.issuer.is_none_or(|issuer| issuer == api_key::ISSUER);
        let needs_proof = placeholder.needs_dpop || placeholder.needs_certificate;
        self.api_key_name().filter(|_| is_of_keys && !needs_proof)
    }
}
