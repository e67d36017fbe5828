//! The table of the environment variables.

use super::draft::Draft;
use super::introspection::INTROSPECTION;
use super::value;
use super::variable::{Need, Variable};

/// Returns all variables, in the order in which they are read.
pub(super) fn table() -> impl Iterator<Item = &'static Variable> {
    const TABLE: &[Variable] = &VARIABLES;
    const QUESTIONS: &[Variable] = &INTROSPECTION;
    TABLE.iter().chain(QUESTIONS)
}

/// Returns the names of all variables.
pub(super) fn table_names() -> impl Iterator<Item = &'static str> {
    table().map(|variable| variable.name)
}

const VARIABLES: [Variable; 24] = [
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

/// Names the environment variables in a problem of the configuration, instead of its fields.
pub(super) fn with_variable_names(problem: &str) -> String {
    let mut named = problem.to_owned();
    for Variable { name, field, .. } in table() {
        named = named.replace(&format!("`{field}`"), &format!("`{name}`"));
    }
    match table().find(|variable| named.starts_with(variable.subject)) {
        Some(variable) if !named.contains(variable.name) => {
            format!("{named} (`{}`)", variable.name)
        }
        _ => named,
    }
}
