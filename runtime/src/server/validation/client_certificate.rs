//! Checks the settings about the certificates of clients.

use super::ok_or_report;
use crate::credential::{NAME_LIMIT, header_name, is_reserved_header};
use crate::server::settings::ClientCertificateHeader;
use crate::server::{ClientCertificateHeaderConfiguration, ResourceServerBuilder};
use crate::transport::{CertificateHeader, CertificateSource, IpNetwork};

impl ResourceServerBuilder {
    /// Checks `client_certificate_header`, and returns the source of certificates. Adds the problems
    /// of the setting to `problems`.
    pub(in crate::server) fn certificate_source(
        &self,
        trusted_proxies: &[IpNetwork],
        problems: &mut Vec<String>,
    ) -> CertificateSource {
        let Some(setting) = &self.client_certificate_header else {
            return CertificateSource::default();
        };
        if self.trusted_proxies.is_empty() {
            let problem = "the `client_certificate_header` needs `trusted_proxies`: set the \
                           addresses of the proxies that report certificates, because every client \
                           can send the header";
            problems.push(problem.to_owned());
        }
        let header = ok_or_report(self.certificate_header(setting), problems);
        CertificateSource::new(header, trusted_proxies.to_vec())
    }

    fn certificate_header(
        &self,
        setting: &ClientCertificateHeader,
    ) -> Result<CertificateHeader, String> {
        let format = setting.format;
        let name = match &setting.name {
            None => format.default_header(),
            Some(text) => header_name(text).ok_or_else(|| {
                format!(
                    "the `name` of the `client_certificate_header` is not the name of a header of \
                     at most {NAME_LIMIT} characters, such as `{}`",
                    format.default_header()
                )
            })?,
        };
        if is_reserved_header(&name) && !name.as_str().ends_with("client-cert") {
            return Err(format!(
                "the `client_certificate_header` `{name}` has a meaning of its own: let the proxy \
                 report certificates in another header, and set its `name`"
            ));
        }
        if self.token_header.as_deref().and_then(header_name).as_ref() == Some(&name) {
            return Err(format!(
                "the `client_certificate_header` and the `token_header` are both `{name}`: choose \
                 another header for one of them"
            ));
        }
        Ok(CertificateHeader { name, format })
    }
}

impl ClientCertificateHeaderConfiguration {
    /// Describes a setting that `certificate_source` has checked.
    pub(in crate::server) fn of(setting: &ClientCertificateHeader) -> Self {
        let name = setting.name.as_deref().and_then(header_name);
        let name = name.unwrap_or_else(|| setting.format.default_header());
        Self { format: setting.format, name: name.as_str().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use crate::server::{ClientCertificateHeader, ResourceServer, ResourceServerBuilder};
    use crate::transport::ClientCertificateFormat::{self, Envoy, Nginx, Rfc9440};

    fn with(format: ClientCertificateFormat, name: Option<&str>) -> ResourceServerBuilder {
        let setting = ClientCertificateHeader { format, name: name.map(str::to_owned) };
        ResourceServer::builder()
            .issuer("https://id.example.com")
            .audience("api")
            .client_certificate_header(setting)
    }

    #[test]
    fn each_format_has_a_default_name() {
        for (format, name, expected) in [
            (Rfc9440, None, "client-cert"),
            (Nginx, None, "x-ssl-client-cert"),
            (Envoy, None, "x-forwarded-client-cert"),
            (Nginx, Some("ssl-client-cert"), "ssl-client-cert"),
            (Nginx, Some("X-Forwarded-Client-Cert"), "x-forwarded-client-cert"),
            (Rfc9440, Some("X-Certificate"), "x-certificate"),
        ] {
            let server = with(format, name).trusted_proxy("10.0.0.1").build().unwrap();
            let shown = server.configuration().client_certificate_header.clone().unwrap();
            assert_eq!((shown.format, shown.name.as_str()), (format, expected));
        }
    }

    #[test]
    fn all_problems_are_reported_together() {
        let huge = "a".repeat(129);
        for (name, words) in [
            ("", "is not the name of a header"),
            ("x cert", "is not the name of a header"),
            ("x-cert:", "is not the name of a header"),
            ("x-cert\n", "is not the name of a header"),
            (huge.as_str(), "is not the name of a header"),
            ("Authorization", "has a meaning of its own"),
            ("Cookie", "has a meaning of its own"),
            ("Host", "has a meaning of its own"),
            ("DPoP", "has a meaning of its own"),
            ("X-Forwarded-For", "has a meaning of its own"),
            ("X-Token", "are both `x-token`"),
        ] {
            let builder = with(Rfc9440, Some(name)).token_header("x-token").realm("");
            let error = builder.build().unwrap_err();
            let problems: Vec<_> = error.problems().collect();
            assert_eq!(problems.len(), 3, "{problems:?}");
            let has = |words: &str| problems.iter().any(|problem| problem.contains(words));
            assert!(has(words) && has("needs `trusted_proxies`"), "{problems:?}");
            assert!(!has(&huge), "{problems:?}");
        }
    }

    /// A proxy that cannot be parsed is one problem, and not a second one about its absence.
    #[test]
    fn a_malformed_proxy_is_one_problem() {
        let error = with(Rfc9440, None).trusted_proxy("0.0.0.0/0").build().unwrap_err();
        assert_eq!(error.problems().count(), 1, "{error}");
    }

    #[test]
    fn a_file_has_the_same_settings() {
        let read = |setting: &str| -> Result<ResourceServerBuilder, _> {
            serde_json::from_str(&format!("{{ \"client_certificate_header\": {setting} }}"))
        };
        for (setting, expected) in [
            (r#"{ "format": "rfc9440" }"#, ClientCertificateHeader::new(Rfc9440)),
            (
                r#"{ "format": "envoy", "name": "x" }"#,
                ClientCertificateHeader::new(Envoy).name("x"),
            ),
            (r#"{ "format": "nginx", "name": null }"#, Nginx.into()),
        ] {
            assert_eq!(read(setting).unwrap().client_certificate_header, Some(expected));
        }
        assert_eq!(read("null").unwrap().client_certificate_header, None);
        for wrong in [
            "true",
            "\"rfc9440\"",
            "{}",
            r#"{ "name": "x" }"#,
            r#"{ "format": "RFC9440" }"#,
            r#"{ "format": "haproxy" }"#,
            r#"{ "format": "rfc9440", "header": "x" }"#,
            r#"{ "format": "rfc9440", "format": "nginx" }"#,
            r#"{ "format": "rfc9440", "name": 7 }"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
