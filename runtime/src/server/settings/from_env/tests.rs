use std::time::Duration;

use super::variable::Variable;
use super::*;
use crate::algorithm::Algorithm;
use crate::introspection::Mode;
use crate::server::{ClientCertificateHeader, ResourceServerBuilder};
use crate::token::Provider;
use crate::transport::ClientCertificateFormat;

const ISSUER: (&str, &str) = ("OAUTH_ISSUER", "https://id.example.com");
const AUDIENCE: (&str, &str) = ("OAUTH_AUDIENCE", "https://api.example.com");

/// A file that exists. No test reads its content.
const SECRET_FILE: &str = env!("CARGO_MANIFEST_PATH");

fn problems(variables: &[(&str, &str)]) -> Vec<String> {
    let result = ResourceServer::from_variables(variables.iter().copied());
    result.err().map_or_else(Vec::new, |error| error.problems().map(str::to_owned).collect())
}

/// Returns the problems of these variables together with a valid issuer and audience.
fn problems_beside(variables: &[(&str, &str)]) -> Vec<String> {
    problems(&[&[ISSUER, AUDIENCE], variables].concat())
}

fn draft(variables: &[(&str, &str)]) -> ResourceServerBuilder {
    let mut draft = Draft::new();
    for (name, text) in variables {
        let variable = table().find(|variable| variable.name == *name).unwrap();
        (variable.set)(&mut draft, text).unwrap();
    }
    draft.into_builder()
}

#[test]
fn each_variable_sets_its_field() {
    let builder = draft(&[
        ISSUER,
        ("OAUTH_AUDIENCE", "https://a.example.com, urn:b\n,,c"),
        ("OAUTH_RESOURCE", "https://a.example.com"),
        ("OAUTH_PROVIDER", "entra_id"),
        ("OAUTH_ALGORITHMS", "RS256,ES256 EdDSA"),
        ("OAUTH_LEEWAY_SECONDS", "0090"),
        ("OAUTH_RFC9068", "true"),
        ("OAUTH_TOKEN_SCHEME", "Token"),
        ("OAUTH_TOKEN_HEADER", "X-Access-Token"),
        ("OAUTH_PUBLIC_URL", "https://app.example.com"),
        ("OAUTH_TOKEN_COOKIE", "__Host-token"),
        ("OAUTH_TOKEN_COOKIE_ORIGINS", "https://app.example.com, https://b.example.com"),
        ("OAUTH_REQUIRE_HTTPS", "true"),
        ("OAUTH_TRUSTED_PROXIES", "10.0.0.0/8 fd00::1"),
        ("OAUTH_DPOP", "required"),
        ("OAUTH_DPOP_NONCE_SECRET_FILE", SECRET_FILE),
        ("OAUTH_CLIENT_CERTIFICATE_HEADER", "nginx ssl-client-cert"),
        ("OAUTH_CERTIFICATE_BOUND_TOKENS_REQUIRED", "true"),
        ("OAUTH_METADATA_URL", "https://id.example.com/metadata"),
        ("OAUTH_JWKS_URI", "https://id.example.com/keys"),
        ("OAUTH_INTROSPECTION_ENDPOINT", "https://id.example.com/introspect"),
        ("OAUTH_INTROSPECTION_CLIENT_ID", "items-api"),
        ("OAUTH_INTROSPECTION_CLIENT_SECRET", " secret "),
        ("OAUTH_INTROSPECTION_CLIENT_SECRET_FILE", SECRET_FILE),
        ("OAUTH_INTROSPECTION_BEARER_FILE", SECRET_FILE),
        ("OAUTH_INTROSPECTION_MODE", "opaque"),
        ("OAUTH_INTROSPECTION_CACHE_SECONDS", "5"),
        ("OAUTH_SHARED_SECRET_FILE", SECRET_FILE),
        ("OAUTH_INSECURE_HTTP", "true"),
        ("OAUTH_CA_FILE", "ca.pem"),
    ]);
    assert_eq!(builder.audiences, ["https://a.example.com", "urn:b", "c"]);
    assert_eq!(builder.resource.as_deref(), Some("https://a.example.com"));
    assert_eq!(builder.leeway, Duration::from_secs(90));
    assert_eq!(builder.token_scheme.as_deref(), Some("Token"));
    assert_eq!(builder.token_header.as_deref(), Some("X-Access-Token"));
    assert_eq!(builder.public_url.as_deref(), Some("https://app.example.com"));
    assert_eq!(builder.token_cookie.as_deref(), Some("__Host-token"));
    let origins = ["https://app.example.com", "https://b.example.com"];
    assert_eq!(builder.token_cookie_origins, origins);
    assert!(builder.require_https);
    assert_eq!(builder.trusted_proxies, ["10.0.0.0/8", "fd00::1"]);
    let dpop = builder.dpop.as_ref().unwrap();
    assert!(dpop.required && dpop.nonce);
    assert_eq!(dpop.nonce_secret_file.as_deref(), Some(SECRET_FILE.as_ref()));
    let header = ClientCertificateHeader::new(ClientCertificateFormat::Nginx);
    assert_eq!(builder.client_certificate_header, Some(header.name("ssl-client-cert")));
    assert!(builder.certificate_bound_tokens_required);
    let [issuer] = builder.issuers.as_slice() else { panic!("{builder:?}") };
    assert_eq!(issuer.identifier, "https://id.example.com");
    assert_eq!(issuer.provider, Provider::EntraId);
    let algorithms = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
    assert_eq!(issuer.algorithms.as_deref(), Some(&algorithms[..]));
    assert_eq!(issuer.metadata_url.as_deref(), Some("https://id.example.com/metadata"));
    assert_eq!(issuer.jwks_uri.as_deref(), Some("https://id.example.com/keys"));
    assert_eq!(issuer.shared_secret_file.as_deref(), Some(SECRET_FILE.as_ref()));
    let introspection = issuer.introspection.as_ref().unwrap();
    assert_eq!(introspection.endpoint.as_deref(), Some("https://id.example.com/introspect"));
    assert_eq!(introspection.client_id.as_deref(), Some("items-api"));
    assert_eq!(introspection.client_secret.as_deref(), Some(" secret "));
    assert_eq!(introspection.client_secret_file.as_deref(), Some(SECRET_FILE.as_ref()));
    assert_eq!(introspection.bearer_file.as_deref(), Some(SECRET_FILE.as_ref()));
    assert_eq!(introspection.mode, Some(Mode::Opaque));
    assert_eq!(introspection.cache_seconds, Some(5));
    assert_eq!(issuer.rfc9068, Some(true));
    assert!(issuer.insecure_http);
    assert_eq!(issuer.ca_file.as_deref(), Some("ca.pem".as_ref()));
}

#[test]
fn all_missing_and_wrong_variables_are_reported_together() {
    let known = Algorithm::ALL.map(Algorithm::name).join(", ");
    assert_eq!(problems(&[ISSUER, AUDIENCE]), [""; 0]);
    assert_eq!(
        problems(&[]),
        [
            "the environment variable `OAUTH_ISSUER` is not set",
            "the environment variable `OAUTH_AUDIENCE` is not set",
        ]
    );
    assert_eq!(
        problems(&[
            ("OAUTH_ISSUER", " "),
            AUDIENCE,
            ("OAUTH_JWKS_URI", ""),
            ("OAUTH_RFC9068", "yes"),
            ("OAUTH_INSECURE_HTTP", "TRUE"),
            ("OAUTH_LEEWAY_SECONDS", "-1"),
            ("OAUTH_ALGORITHMS", "RS256 none"),
            ("OAUTH_CA_FILE", "ca.pem "),
        ]),
        [
            "the environment variable `OAUTH_ISSUER` is empty",
            &format!(
                "the environment variable `OAUTH_ALGORITHMS` contains `none`, which is not one of \
                 {known}"
            ),
            "the environment variable `OAUTH_LEEWAY_SECONDS` is `-1`, not a whole number of seconds",
            "the environment variable `OAUTH_RFC9068` is `yes`, not `true` or `false`",
            "the environment variable `OAUTH_JWKS_URI` is empty",
            "the environment variable `OAUTH_INSECURE_HTTP` is `TRUE`, not `true` or `false`",
            "the environment variable `OAUTH_CA_FILE` starts or ends with white space: remove it",
        ]
    );
}

#[test]
fn every_wrong_value_is_a_problem_that_names_the_variable() {
    let wrong = [
        ("OAUTH_ISSUER", &["", " ", "https://id.example.com ", "http://id.example.com", "id"][..]),
        ("OAUTH_AUDIENCE", &["", "  ", ",", " , ,"]),
        ("OAUTH_PROVIDER", &["", "keycloack", "Keycloak", " keycloak"]),
        ("OAUTH_ALGORITHMS", &["", ",", "rs256", "RS256;ES256", "none"]),
        ("OAUTH_LEEWAY_SECONDS", &["", "301", "+5", "1.5", "30s", "99999999999999999999999"]),
        ("OAUTH_RFC9068", &["", "1", "yes", "True", "true "]),
        ("OAUTH_TOKEN_SCHEME", &["", "Token ", "Basic", "a b"]),
        ("OAUTH_TOKEN_HEADER", &["", "x-token ", "Cookie", "x:"]),
        (
            "OAUTH_PUBLIC_URL",
            &["", " ", "app", "https://app.example.com/?a", "http://app.example.com "],
        ),
        ("OAUTH_REQUIRE_HTTPS", &["", "1", "True"]),
        ("OAUTH_TOKEN_COOKIE", &["", "__Host-token ", "token", "__Host-", "a b", "__Host-token"]),
        ("OAUTH_TOKEN_COOKIE_ORIGINS", &["", ",", "null", "*", "https://app.example.com/"]),
        ("OAUTH_TRUSTED_PROXIES", &["", ",", "proxy", "0.0.0.0/0", "10.0.0.1/8"]),
        (
            "OAUTH_CLIENT_CERTIFICATE_HEADER",
            &["", ",", "RFC9440", "haproxy", "nginx a b", "nginx Cookie", "rfc9440", "nginx x:"],
        ),
        ("OAUTH_CERTIFICATE_BOUND_TOKENS_REQUIRED", &["", "1", "rfc9440"]),
        ("OAUTH_METADATA_URL", &["", " "]),
        ("OAUTH_JWKS_URI", &["", "keys", "http://keys.example.com", "https://keys.example.com#a"]),
        ("OAUTH_INTROSPECTION_ENDPOINT", &["", "introspect", "http://id.example.com/introspect"]),
        ("OAUTH_INTROSPECTION_CLIENT_ID", &["", " api"]),
        ("OAUTH_INTROSPECTION_CLIENT_SECRET", &["", " "]),
        ("OAUTH_INTROSPECTION_CLIENT_SECRET_FILE", &["", "key "]),
        ("OAUTH_INTROSPECTION_BEARER_FILE", &["", "key "]),
        ("OAUTH_INTROSPECTION_MODE", &["", "Only", "sometimes"]),
        ("OAUTH_INTROSPECTION_CACHE_SECONDS", &["", "-1", "1.5", "3601"]),
        ("OAUTH_SHARED_SECRET_FILE", &["", "key "]),
        ("OAUTH_INSECURE_HTTP", &["", "1", "on", "true,false"]),
        ("OAUTH_CA_FILE", &["", "\n"]),
        ("OAUTH_RESOURCE", &["", " "]),
    ];
    for (name, values) in wrong {
        for value in values {
            let problems = problems_beside(&[(name, value)]);
            let named = problems.iter().any(|problem| problem.contains(&format!("`{name}`")));
            assert!(named, "{name} = {value:?}: {problems:?}");
        }
    }
}

#[test]
fn the_audience_may_come_from_the_resource() {
    let resource = ("OAUTH_RESOURCE", "https://api.example.com");
    assert_eq!(problems(&[ISSUER, resource]), [""; 0]);
    let audiences = |variables: &[(&str, &str)]| {
        let server = ResourceServer::from_variables(variables.iter().copied()).unwrap();
        server.configuration().issuers[0].audiences.clone()
    };
    assert_eq!(audiences(&[ISSUER, resource]), ["https://api.example.com"]);
    assert_eq!(audiences(&[ISSUER, ("OAUTH_AUDIENCE", "other"), resource]), ["other"]);
}

#[test]
fn a_huge_or_hostile_value_is_cut_and_escaped() {
    let huge = "x\n".repeat(1_000_000);
    for name in ["OAUTH_RFC9068", "OAUTH_LEEWAY_SECONDS", "OAUTH_PROVIDER", "OAUTH_ALGORITHMS"] {
        let problems = problems_beside(&[(name, &huge)]);
        let [problem] = problems.as_slice() else { panic!("{name}: {}", problems.len()) };
        assert!(problem.len() < 400 && !problem.contains('\n'), "{problem}");
    }
}

#[test]
fn a_secret_in_place_of_its_path_is_not_shown() {
    let problems = problems_beside(&[("OAUTH_SHARED_SECRET_FILE", "c2VjcmV0")]);
    assert_eq!(
        problems,
        ["the environment variable `OAUTH_SHARED_SECRET_FILE` is not the path of a file that \
             this process can find"]
    );
}

#[test]
fn a_value_that_is_not_unicode_is_a_problem() {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        let name = OsString::from("OAUTH_ISSUER");
        let unreadable = (name, OsString::from_vec(vec![0xff]));
        let error = ResourceServer::from_variables([unreadable]).unwrap_err();
        let first = error.problems().next().unwrap();
        assert_eq!(first, "the environment variable `OAUTH_ISSUER` is not Unicode");
    }
}

#[test]
fn a_misspelt_name_is_a_problem_if_the_right_one_is_missing() {
    let slips = [
        ("OAUTH_AUDIANCE", "OAUTH_AUDIENCE"),
        ("OAUTH_AUDIENCES", "OAUTH_AUDIENCE"),
        ("OAUTH_AUDEINCE", "OAUTH_AUDIENCE"),
        ("OATH_AUDIENCE", "OAUTH_AUDIENCE"),
        ("AUTH_AUDIENCE", "OAUTH_AUDIENCE"),
        ("OUATH_AUDIENCE", "OAUTH_AUDIENCE"),
        ("OAUTH-AUDIENCE", "OAUTH_AUDIENCE"),
    ];
    for (written, known) in slips {
        let expected = format!(
            "the environment variable `{known}` is not set, but `{written}` is: correct the name"
        );
        assert_eq!(problems(&[ISSUER, (written, "a")]), [expected], "{written}");
        // The right name is set, so the misspelt one only causes a warning.
        assert_eq!(problems_beside(&[(written, "a")]), [""; 0], "{written}");
    }
    // An optional setting that would silently not apply.
    for (written, known) in
        [("OAUTH_ALGORITHM", "OAUTH_ALGORITHMS"), ("OUATH_RFC9068", "OAUTH_RFC9068")]
    {
        let problems = problems_beside(&[(written, "RS256")]);
        assert!(problems.len() == 1 && problems[0].contains(&format!("`{known}`")), "{problems:?}");
    }
}

#[test]
fn a_misspelt_variable_of_the_program_is_a_problem_if_the_right_one_is_missing() {
    const OWN: &str = "OAUTH_REVOCATION_REDIS";
    let problems = |variables: &[(&str, &str)]| {
        let all = [&[ISSUER, AUDIENCE], variables].concat();
        let builder = ResourceServerBuilder::from_variables(all).program_variables([OWN]);
        let result = builder.build();
        result.map_or_else(|error| error.problems().map(str::to_owned).collect(), |_| Vec::new())
    };
    for written in ["OAUTH_REVOCATION_REDI", "OATH_REVOCATION_REDIS", "OAUTH-REVOCATION_REDIS"] {
        let expected = format!(
            "the environment variable `{OWN}` is not set, but `{written}` is: correct the name"
        );
        assert_eq!(problems(&[(written, "a")]), [expected], "{written}");
        assert_eq!(problems(&[(written, "a"), (OWN, "b")]), [""; 0], "{written}");
        // Without the program's names, the variable belongs to another program.
        assert_eq!(problems_beside(&[(written, "a")]), [""; 0], "{written}");
    }
    assert_eq!(problems(&[("AUTH_REVOCATION_REDIS", "a")]), [""; 0]);
    assert_eq!(problems(&[(OWN, "a")]), [""; 0]);
    // The problems of the table come first, and all of them are reported.
    let found = problems(&[("OAUTH_RFC9068", "yes"), ("OAUTH_REVOCATION_REDSI", "a")]);
    assert!(found.len() == 2 && found[0].contains("`OAUTH_RFC9068`"), "{found:?}");
}

#[test]
fn settings_in_code_are_added_to_those_of_the_variables() {
    let builder = ResourceServerBuilder::from_variables([ISSUER, AUDIENCE]).realm("items");
    assert_eq!(builder.clone().build().unwrap().configuration().realm, "items");
    let error = builder.leeway(Duration::from_secs(301)).build().unwrap_err().to_string();
    assert!(error.contains("`OAUTH_LEEWAY_SECONDS`"), "{error}");
}

#[test]
fn variables_of_other_programs_are_ignored() {
    let huge = "OAUTH_".repeat(1_000_000);
    let others = [
        "OAUTH_SERVICE_HOST",
        "OAUTH_PORT_80_TCP",
        "OAUTH_CLIENT_ID",
        "AUTH_PROVIDER",
        "OAUTH_",
        "",
        "oauth_issuer",
        &huge,
    ];
    for name in others {
        assert_eq!(problems_beside(&[(name, "")]), [""; 0], "{}", name.len());
    }
}

#[test]
fn the_documentation_lists_all_variables() {
    let guide = include_str!("../../../guide/configuration.md");
    let documentation = include_str!("mod.rs");
    for Variable { name, field, .. } in table() {
        // The field of a file is the plural, and problems name the setter.
        let field = if *field == "audience" { "audiences" } else { *field };
        let row = format!("| `{field}` | `{name}` | ");
        assert!(guide.contains(&row), "{row}");
        let row = format!("    /// | `{name}` | `{field}` | ");
        assert!(documentation.contains(&row), "{row}");
    }
    assert_eq!(guide.matches("| `OAUTH_").count(), table().count());
    assert_eq!(documentation.matches("| `OAUTH_").count(), table().count());
}

#[cfg(feature = "dpop")]
#[test]
fn the_secret_for_nonces_needs_dpop() {
    let file = ("OAUTH_DPOP_NONCE_SECRET_FILE", SECRET_FILE);
    let url = ("OAUTH_PUBLIC_URL", "https://api.example.com");
    assert_eq!(problems_beside(&[("OAUTH_DPOP", "true"), url]), [""; 0]);
    for (variables, part) in [
        (&[file][..], "`OAUTH_DPOP_NONCE_SECRET_FILE` has no effect unless `OAUTH_DPOP`"),
        (&[file, ("OAUTH_DPOP", "false")], "has no effect unless `OAUTH_DPOP`"),
        (&[("OAUTH_DPOP", "yes"), url], "`OAUTH_DPOP` is `yes`, not `true`"),
        (&[("OAUTH_DPOP", "true")], "`OAUTH_DPOP` needs the URL of this API"),
        (&[("OAUTH_DPOP", "true")], "set `OAUTH_PUBLIC_URL` or `OAUTH_RESOURCE`"),
        (&[file, ("OAUTH_DPOP", "true"), url], "`OAUTH_DPOP_NONCE_SECRET_FILE` of `OAUTH_DPOP`"),
    ] {
        let found = problems_beside(variables);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(part), "{found:?}");
    }
}
