//! Checks the settings of the requests to issuers, and creates the HTTP clients.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use reqwest::Url;

use super::ok_or_report;
use crate::bounded_file;
use crate::fetch::{Fetch, HttpClient, Roots, is_loopback};
use crate::keys::{Client, RequestHeaders};
use crate::server::Issuer;
use crate::server::settings::{HeaderSource, HttpSettings};

/// HTTP client and root certificates of the server, which apply to issuers without settings of
/// their own.
#[derive(Debug)]
pub(in crate::server) struct HttpDefaults {
    fetch: Option<Arc<dyn Fetch>>,
    roots: Roots,
    /// Client with the roots of the server, which is created when the first issuer needs it.
    shared: OnceCell<Result<HttpClient, String>>,
}

impl HttpDefaults {
    pub(in crate::server) fn new(settings: &HttpSettings, problems: &mut Vec<String>) -> Self {
        let mut roots = Roots::default();
        for pem in &settings.root_certificates {
            if let Err(problem) = roots.add_pem(pem) {
                problems.push(format!(
                    "the `root_certificates` of the server cannot be used: the PEM {problem}"
                ));
            }
        }
        if settings.distrust_system_roots {
            roots.replace_system();
        }
        if settings.fetch.is_some() && !roots.is_default() {
            problems
                .push(format!("the server has `root_certificates` and `fetch`: {UNUSED_ROOTS}"));
        }
        Self { fetch: settings.fetch.clone(), roots, shared: OnceCell::new() }
    }

    /// Creates the client for an issuer with these roots, or returns the shared client.
    fn http_client(&self, roots: &Roots) -> Result<HttpClient, String> {
        if *roots == self.roots {
            self.shared.get_or_init(|| HttpClient::new(roots)).clone()
        } else {
            HttpClient::new(roots)
        }
    }
}

/// Largest accepted size of a `ca_file`, in bytes.
const CA_FILE_LIMIT: u64 = 1024 * 1024;

const UNUSED_ROOTS: &str =
    "keep one (a client of the application has root certificates of its own)";

impl Issuer {
    /// Creates the HTTP client for this issuer.
    pub(super) fn client(
        &self,
        defaults: &HttpDefaults,
        problems: &mut Vec<String>,
    ) -> Option<Client> {
        self.client_for(&self.destinations(), defaults, problems)
    }

    /// Creates the HTTP client for requests to these URLs of the configuration.
    pub(super) fn client_for(
        &self,
        destinations: &[Url],
        defaults: &HttpDefaults,
        problems: &mut Vec<String>,
    ) -> Option<Client> {
        let issuer = self.named();
        let headers = self.request_headers(destinations, problems);
        let roots = self.roots(defaults, problems);
        let fetch: Arc<dyn Fetch> = match &defaults.fetch {
            Some(fetch) => {
                if roots != defaults.roots {
                    problems.push(format!(
                        "the {issuer} has `ca_file` or `root_certificates`, and the \
                         server has `fetch`: {UNUSED_ROOTS}"
                    ));
                }
                Arc::clone(fetch)
            }
            None if roots.is_none() => {
                problems.push(format!(
                    "no root certificate is trusted for the {issuer}: add one with \
                     `root_certificates` or `ca_file`, or trust those of the system"
                ));
                return None;
            }
            None => {
                let client = defaults.http_client(&roots);
                let client = ok_or_report(client, problems)?;
                if let Some(problem) = client.tls_problem()
                    && destinations.iter().any(|destination| destination.scheme() == "https")
                {
                    problems.push(format!("the {issuer} has an https address: {problem}"));
                }
                Arc::new(client)
            }
        };
        Some(Client::new(fetch, headers, self.insecure_http))
    }

    /// Returns a problem for each setting of requests, for an issuer that the server sends no
    /// requests to. Such a setting would have no effect.
    pub(super) fn unused_http_settings(&self) -> Vec<String> {
        let settings = [
            ("insecure_http", self.insecure_http),
            ("ca_file", self.ca_file.is_some()),
            ("root_certificates", !self.root_certificates.is_empty()),
            ("distrust_system_root_certificates", self.distrust_system_roots),
            ("headers", !self.headers.is_empty()),
        ];
        let set = settings.into_iter().filter(|(_, is_set)| *is_set);
        set.map(|(name, _)| {
            self.problem(name, "has no effect, because its keys are not fetched: remove it")
        })
        .collect()
    }

    /// Returns the URLs in the configuration that the server requests.
    pub(super) fn destinations(&self) -> Vec<Url> {
        let endpoint = self.introspection.as_ref().and_then(|one| one.endpoint.as_deref());
        let configured = [self.metadata_url.as_deref(), self.jwks_uri.as_deref(), endpoint];
        let mut urls: Vec<Url> =
            configured.into_iter().flatten().filter_map(|text| text.parse().ok()).collect();
        if self.metadata_url.is_none() && self.uses_discovery() {
            urls.extend(self.identifier.parse::<Url>());
        }
        urls
    }

    fn request_headers(&self, destinations: &[Url], problems: &mut Vec<String>) -> RequestHeaders {
        let mut headers = RequestHeaders::for_origins_of(destinations.to_vec());
        for (name, source) in &self.headers {
            let added = match source {
                HeaderSource::Text(value) => headers.add_text(name, value),
                HeaderSource::File { file, prefix } => headers.add_file(name, file.clone(), prefix),
            };
            if let Err(problem) = added {
                problems.push(format!("the header {name:?} of the {} {problem}", self.named()));
            }
        }
        headers
    }

    /// Returns the root certificates of the server with those of this issuer.
    fn roots(&self, defaults: &HttpDefaults, problems: &mut Vec<String>) -> Roots {
        let mut roots = defaults.roots.clone();
        for pem in &self.root_certificates {
            if let Err(problem) = roots.add_pem(pem) {
                let problem = format!("cannot be used: the PEM {problem}");
                problems.push(self.problem("root_certificates", problem));
            }
        }
        if let Some(path) = &self.ca_file
            && let Err(problem) = add_file(&mut roots, path)
        {
            let problem = format!("cannot be used: the file `{}` {problem}", path.display());
            problems.push(self.problem("ca_file", problem));
        }
        if self.distrust_system_roots {
            roots.replace_system();
        }
        roots
    }
}

/// Returns the hosts among these destinations that are requested over plain http. If there are none,
/// only a document of the issuer can lead to http, so all hosts are returned.
pub(super) fn insecure_hosts(destinations: &[Url]) -> String {
    let (insecure, secure): (Vec<_>, Vec<_>) =
        destinations.iter().partition(|url| url.scheme() == "http" && !is_loopback(url));
    let urls = if insecure.is_empty() { secure } else { insecure };
    let hosts: BTreeSet<_> = urls.into_iter().filter_map(Url::host_str).collect();
    Vec::from_iter(hosts).join(", ")
}

fn add_file(roots: &mut Roots, path: &Path) -> Result<(), String> {
    let pem = bounded_file::read(path, CA_FILE_LIMIT)
        .map_err(|problem| format!("cannot be read: {problem}"))?;
    roots.add_pem(&pem)
}

#[cfg(all(test, not(any(feature = "__rustls", feature = "tls_native"))))]
mod tests {
    use super::*;
    use crate::error::ConfigError;
    use crate::server::{ResourceServer, ResourceServerBuilder};

    fn problem(builder: ResourceServerBuilder) -> Option<String> {
        let built: Result<_, ConfigError> = builder.audience("api").build();
        built.err().map(|error| error.to_string())
    }

    #[test]
    fn without_tls_an_https_address_is_a_configuration_error() {
        let of = |issuer: Issuer| problem(ResourceServer::builder().issuer(issuer));
        let https = [
            Issuer::new("https://id.example.com"),
            Issuer::new("acme").jwks_uri("https://localhost/keys"),
        ];
        for issuer in https {
            let problem = of(issuer).unwrap();
            for feature in ["`tls_aws_lc`", "`tls_ring`", "`tls_native`"] {
                assert!(problem.contains(feature), "{problem}");
            }
        }
        let pem = "-----BEGIN CERTIFICATE-----";
        assert!(of(Issuer::new("http://localhost").root_certificates(pem)).is_some());
        assert_eq!(of(Issuer::new("http://localhost")), None);
        assert_eq!(of(Issuer::new("https://id.example.com").jwks(serde_json::json!({
            "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }]
        }))), None);
    }
}
