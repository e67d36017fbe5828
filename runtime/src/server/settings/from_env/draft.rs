//! The configuration while the variables are read.

use super::value;
use crate::introspection::Introspection;
use crate::server::{Issuer, ResourceServerBuilder};

/// The configuration while the variables are read.
pub(super) struct Draft {
    pub(super) issuer: Issuer,
    pub(super) server: ResourceServerBuilder,
}

impl Draft {
    /// Creates a configuration with a placeholder for the issuer. The placeholder only serves to
    /// find further problems: if `OAUTH_ISSUER` has no usable value, the configuration already has
    /// a problem, and no server is built.
    pub(super) fn new() -> Self {
        let issuer = Issuer::new("https://unset.invalid");
        Self { issuer, server: ResourceServerBuilder::default() }
    }

    /// Requires nonces with the secrets of a file. The variable of DPoP itself is read before.
    pub(super) fn set_nonce_secret_file(&mut self, text: &str) -> Result<(), String> {
        let path = value::secret_path(text)?;
        let dpop = self
            .server
            .dpop
            .take()
            .ok_or("has no effect unless `OAUTH_DPOP` is `true` or `required`")?;
        self.server.dpop = Some(dpop.nonce().nonce_secret_file(path));
        Ok(())
    }

    /// Returns the settings of introspection, which exist as soon as a variable sets one of them.
    pub(super) fn introspection(&mut self) -> &mut Introspection {
        self.issuer.introspection.get_or_insert_default()
    }

    pub(super) fn into_builder(mut self) -> ResourceServerBuilder {
        if self.server.audiences.is_empty() && self.server.resource.is_none() {
            // `OAUTH_AUDIENCE` has no usable value, which is already a problem.
            self.server.audiences.push("unset".to_owned());
        }
        self.server.issuer(self.issuer)
    }
}
