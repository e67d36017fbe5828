//! The table of the environment variables.

use super::value;
use crate::introspection::Introspection;
use crate::server::{Issuer, ResourceServerBuilder};

/// An environment variable that sets one field of the configuration.
pub(super) struct Variable {
    pub(super) name: &'static str,
    /// The field of a configuration file with the same meaning. Problems of a configuration quote
    /// the names of fields.
    pub(super) field: &'static str,
    /// The first words of problems that do not quote the name of the field.
    subject: &'static str,
    pub(super) need: Need,
    /// Sets the field to the value in a text. The error says the problem with the text.
    pub(super) set: fn(&mut Draft, &str) -> Result<(), String>,
}

pub(super) enum Need {
    Required,
    /// Required if this other variable is not set.
    RequiredWithout(&'static str),
    Optional,
}

pub(super) const VARIABLES: [Variable; 31] = [
    Variable {
        name: "OAUTH_ISSUER",
        field: "issuer",
        subject: "the issuer ",
        need: Need::Required,
        set: |draft, text| value::text(text).map(|issuer| draft.issuer.identifier = issuer),
    },
    Variable {
        name: "OAUTH_AUDIENCE",
        field: "audience",
        subject: "the audience ",
        need: Need::RequiredWithout("OAUTH_RESOURCE"),
        set: |draft, text| value::list(text).map(|audiences| draft.server.audiences = audiences),
    },
    Variable {
        name: "OAUTH_RESOURCE",
        field: "resource",
        subject: "the resource ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|url| draft.server.resource = Some(url)),
    },
    Variable {
        name: "OAUTH_PROVIDER",
        field: "provider",
        subject: "the provider ",
        need: Need::Optional,
        set: |draft, text| value::provider(text).map(|provider| draft.issuer.provider = provider),
    },
    Variable {
        name: "OAUTH_ALGORITHMS",
        field: "algorithms",
        subject: "the algorithm ",
        need: Need::Optional,
        set: |draft, text| {
            value::algorithms(text).map(|algorithms| draft.issuer.algorithms = Some(algorithms))
        },
    },
    Variable {
        name: "OAUTH_LEEWAY_SECONDS",
        field: "leeway_seconds",
        subject: "the leeway ",
        need: Need::Optional,
        set: |draft, text| value::seconds(text).map(|leeway| draft.server.leeway = leeway),
    },
    Variable {
        name: "OAUTH_RFC9068",
        field: "rfc9068",
        subject: "the profile ",
        need: Need::Optional,
        set: |draft, text| value::boolean(text).map(|strict| draft.issuer.rfc9068 = Some(strict)),
    },
    Variable {
        name: "OAUTH_TOKEN_SCHEME",
        field: "token_scheme",
        subject: "the scheme of tokens ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|scheme| draft.server.token_scheme = Some(scheme)),
    },
    Variable {
        name: "OAUTH_TOKEN_HEADER",
        field: "token_header",
        subject: "the header of tokens ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|name| draft.server.token_header = Some(name)),
    },
    Variable {
        name: "OAUTH_TOKEN_COOKIE",
        field: "token_cookie",
        subject: "the cookie of tokens ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|name| draft.server.token_cookie = Some(name)),
    },
    Variable {
        name: "OAUTH_TOKEN_COOKIE_ORIGINS",
        field: "token_cookie_origins",
        subject: "the origins of cookies ",
        need: Need::Optional,
        set: |draft, text| {
            value::list(text).map(|origins| draft.server.token_cookie_origins = origins)
        },
    },
    Variable {
        name: "OAUTH_PUBLIC_URL",
        field: "public_url",
        subject: "the public URL ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|url| draft.server.public_url = Some(url)),
    },
    Variable {
        name: "OAUTH_REQUIRE_HTTPS",
        field: "require_https",
        subject: "the requirement of https ",
        need: Need::Optional,
        set: |draft, text| {
            value::boolean(text).map(|required| draft.server.require_https = required)
        },
    },
    Variable {
        name: "OAUTH_REFUSE_UNDEMANDED_DETAILS",
        field: "refuse_undemanded_details",
        subject: "the refusal of undemanded details ",
        need: Need::Optional,
        set: |draft, text| {
            value::boolean(text).map(|refused| draft.server.refuse_undemanded_details = refused)
        },
    },
    Variable {
        name: "OAUTH_TRUSTED_PROXIES",
        field: "trusted_proxies",
        subject: "the trusted proxies ",
        need: Need::Optional,
        set: |draft, text| {
            value::list(text).map(|networks| draft.server.trusted_proxies = networks)
        },
    },
    Variable {
        name: "OAUTH_DPOP",
        field: "dpop",
        subject: "the acceptance of DPoP ",
        need: Need::Optional,
        set: |draft, text| value::dpop(text).map(|dpop| draft.server.dpop = dpop),
    },
    Variable {
        name: "OAUTH_DPOP_NONCE_SECRET_FILE",
        field: "nonce_secret_file",
        subject: "the secret for nonces ",
        need: Need::Optional,
        set: Draft::set_nonce_secret_file,
    },
    Variable {
        name: "OAUTH_CLIENT_CERTIFICATE_HEADER",
        field: "client_certificate_header",
        subject: "the header of client certificates ",
        need: Need::Optional,
        set: |draft, text| {
            value::client_certificate_header(text)
                .map(|header| draft.server.client_certificate_header = Some(header))
        },
    },
    Variable {
        name: "OAUTH_CERTIFICATE_BOUND_TOKENS_REQUIRED",
        field: "certificate_bound_tokens_required",
        subject: "the requirement of certificates ",
        need: Need::Optional,
        set: |draft, text| {
            value::boolean(text)
                .map(|required| draft.server.certificate_bound_tokens_required = required)
        },
    },
    Variable {
        name: "OAUTH_METADATA_URL",
        field: "metadata_url",
        subject: "the metadata ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|url| draft.issuer.metadata_url = Some(url)),
    },
    Variable {
        name: "OAUTH_JWKS_URI",
        field: "jwks_uri",
        subject: "the key set ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|uri| draft.issuer.jwks_uri = Some(uri)),
    },
    Variable {
        name: "OAUTH_INTROSPECTION_ENDPOINT",
        field: "introspection.endpoint",
        subject: "the introspection endpoint ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|url| draft.introspection().endpoint = Some(url)),
    },
    Variable {
        name: "OAUTH_INTROSPECTION_CLIENT_ID",
        field: "introspection.client_id",
        subject: "the introspection client ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|id| draft.introspection().client_id = Some(id)),
    },
    Variable {
        name: "OAUTH_INTROSPECTION_CLIENT_SECRET",
        field: "introspection.client_secret",
        subject: "the introspection secret ",
        need: Need::Optional,
        set: |draft, text| {
            draft.introspection().client_secret = Some(text.to_owned());
            Ok(())
        },
    },
    Variable {
        name: "OAUTH_INTROSPECTION_CLIENT_SECRET_FILE",
        field: "introspection.client_secret_file",
        subject: "the introspection secret file ",
        need: Need::Optional,
        set: |draft, text| {
            let path = value::secret_path(text)?;
            draft.introspection().client_secret_file = Some(path);
            Ok(())
        },
    },
    Variable {
        name: "OAUTH_INTROSPECTION_BEARER_FILE",
        field: "introspection.bearer_file",
        subject: "the introspection token file ",
        need: Need::Optional,
        set: |draft, text| {
            let path = value::secret_path(text)?;
            draft.introspection().bearer_file = Some(path);
            Ok(())
        },
    },
    Variable {
        name: "OAUTH_INTROSPECTION_MODE",
        field: "introspection.mode",
        subject: "the introspection mode ",
        need: Need::Optional,
        set: |draft, text| value::mode(text).map(|mode| draft.introspection().mode = Some(mode)),
    },
    Variable {
        name: "OAUTH_INTROSPECTION_CACHE_SECONDS",
        field: "introspection.cache_seconds",
        subject: "the introspection cache ",
        need: Need::Optional,
        set: |draft, text| {
            let period = value::seconds(text)?;
            draft.introspection().cache_seconds = Some(period.as_secs());
            Ok(())
        },
    },
    Variable {
        name: "OAUTH_SHARED_SECRET_FILE",
        field: "shared_secret_file",
        subject: "the shared secret ",
        need: Need::Optional,
        set: |draft, text| {
            value::secret_path(text).map(|path| draft.issuer.shared_secret_file = Some(path))
        },
    },
    Variable {
        name: "OAUTH_INSECURE_HTTP",
        field: "insecure_http",
        subject: "plain http ",
        need: Need::Optional,
        set: |draft, text| {
            value::boolean(text).map(|permitted| draft.issuer.insecure_http = permitted)
        },
    },
    Variable {
        name: "OAUTH_CA_FILE",
        field: "ca_file",
        subject: "the root certificates ",
        need: Need::Optional,
        set: |draft, text| value::text(text).map(|path| draft.issuer.ca_file = Some(path.into())),
    },
];

/// The configuration while the variables are read.
pub(super) struct Draft {
    issuer: Issuer,
    server: ResourceServerBuilder,
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
    fn set_nonce_secret_file(&mut self, text: &str) -> Result<(), String> {
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
    fn introspection(&mut self) -> &mut Introspection {
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

/// Names the environment variables in a problem of the configuration, instead of its fields.
pub(super) fn with_variable_names(problem: &str) -> String {
    let mut named = problem.to_owned();
    for Variable { name, field, .. } in &VARIABLES {
        named = named.replace(&format!("`{field}`"), &format!("`{name}`"));
    }
    match VARIABLES.iter().find(|variable| named.starts_with(variable.subject)) {
        Some(variable) if !named.contains(variable.name) => {
            format!("{named} (`{}`)", variable.name)
        }
        _ => named,
    }
}
