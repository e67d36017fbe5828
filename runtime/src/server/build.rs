//! Builds the server: checks the whole configuration, then starts the server.

use std::sync::Arc;

use super::start::ValidServer;
use super::validation::{Defaults, HttpDefaults, ValidIssuer};
use super::{ResourceServer, ResourceServerBuilder};
use crate::error::ConfigError;
use crate::possession::RequiredBinding;
use crate::telemetry;
use crate::transport::SecureTransport;

impl ResourceServerBuilder {
    /// Builds the server. Inside a tokio runtime, this method also starts tasks that fetch the
    /// issuers' keys, but it does not wait for the keys. An API can therefore start while its
    /// issuer is down. Call this method in the tokio runtime that serves requests, because the
    /// tasks run in the current runtime. The timers of the runtime must be enabled.
    ///
    /// # Errors
    ///
    /// Returns one error that lists all problems of the configuration.
    pub fn build(mut self) -> Result<ResourceServer, ConfigError> {
        let Some(environment) = self.environment.take() else {
            return self.build_with_problems(Vec::new());
        };
        let server = self
            .build_with_problems(environment.problems())
            .map_err(|error| environment.name_variables(error))?;
        environment.log_misspellings();
        Ok(server)
    }

    /// Builds the server. If `problems` is not empty, or if the configuration has problems, the
    /// error lists all of them.
    fn build_with_problems(
        mut self,
        mut problems: Vec<String>,
    ) -> Result<ResourceServer, ConfigError> {
        self.apply_replay_store();
        self.apply_fapi2(&mut problems);
        self.check(&mut problems);
        let http = HttpDefaults::new(&self.http, &mut problems);
        let location = self.location(&mut problems);
        let token_location = self.token_location(&mut problems);
        let ambient = self.ambient_credentials(&mut problems);
        let proxies = self.proxy_networks(&mut problems);
        let certificates = Arc::new(self.certificate_source(&proxies, &mut problems));
        let secure_transport = self.require_https.then(|| Arc::new(SecureTransport::new(proxies)));
        let dpop = self.dpop_judge(&mut problems);
        #[cfg(feature = "security_events")]
        let mut transmitters = self.valid_transmitters(&mut problems);
        let defaults = Defaults {
            audiences: &self.default_audiences(),
            locations: &self.own_locations(),
            algorithms: self.algorithms.as_deref(),
            rfc9068: self.rfc9068,
            leeway: self.leeway,
            accepts_dpop: self.dpop.is_some(),
            required_binding: RequiredBinding {
                dpop: self.dpop.as_ref().is_some_and(|dpop| dpop.required),
                mtls: self.certificate_bound_tokens_required,
                either: self.fapi2,
            },
            #[cfg(feature = "security_events")]
            revocation_horizon: self.revocation_feed.as_ref().map(|feed| feed.horizon),
            #[cfg(feature = "security_events")]
            receives_events: !transmitters.is_empty(),
            http: &http,
        };
        #[cfg(feature = "security_events")]
        for transmitter in &mut transmitters {
            transmitter.check_source(&self.issuers, &defaults, &mut problems);
        }
        let issuers: Vec<ValidIssuer> = std::mem::take(&mut self.issuers)
            .into_iter()
            .filter_map(|issuer| issuer.validate(&defaults, &mut problems))
            .collect();
        let api_keys = self.valid_api_keys(&token_location, &mut problems);
        ConfigError::unless_empty(problems)?;
        telemetry::describe();
        let valid = ValidServer {
            issuers,
            location,
            token_location,
            ambient,
            secure_transport,
            dpop,
            certificates,
            api_keys,
            #[cfg(feature = "security_events")]
            transmitters,
        };
        Ok(ResourceServer(Arc::new(self.start(valid))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Issuer;

    #[test]
    fn problems_never_contain_a_password() {
        let issuer = || Issuer::new("https://user:secret@a.example.com").algorithms([]);
        let builder = ResourceServer::builder().issuer(issuer()).issuer(issuer());
        let problems = builder.build().unwrap_err().to_string();
        assert!(problems.contains("remove it"), "{problems}");
        assert!(!problems.contains("secret"), "{problems}");
    }

    #[test]
    fn an_empty_identifier_is_one_problem() {
        let builder = ResourceServer::builder().issuer("").audience("api");
        let problems = builder.build().unwrap_err().to_string();
        let expected = "the resource server cannot be built: an issuer has an empty identifier";
        assert_eq!(problems, expected);
    }

    #[test]
    fn issuer_names_are_unique_and_not_empty() {
        let (a, b) = ("https://a.example.com", "https://b.example.com");
        let build = |first: Issuer, second: Issuer| {
            let builder = ResourceServer::builder().audience("api");
            builder.issuer(first).issuer(second).build().is_ok()
        };
        let named = |issuer: &str, name: &str| Issuer::new(issuer).name(name);
        assert!(build(named(a, "acme"), named(b, "partner")));
        assert!(build(named(a, a), named(b, "partner")));
        assert!(!build(named(a, "acme"), named(b, "acme")));
        assert!(!build(named(a, b), Issuer::new(b)));
        assert!(!build(named(a, " "), Issuer::new(b)));
    }
}
