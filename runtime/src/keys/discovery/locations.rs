//! Locations of an issuer's metadata, derived from the issuer's URL.

use reqwest::Url;

/// Kind of metadata, which determines its locations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum WellKnown {
    /// Metadata of an authorization server.
    ///
    /// OpenID Connect Discovery section 4.1 puts the well-known string after the path of the issuer's
    /// URL. RFC 8414 section 3.1 puts it between the host and the path, and section 5 names the two
    /// strings there. The first form is below the issuer's own path. For an issuer with a path, the
    /// other forms are at the root of the host, which another program may serve.
    #[default]
    AuthorizationServer,
    /// Metadata of a transmitter of security events (Shared Signals Framework 1.0 section 7.2).
    #[cfg(feature = "security_events")]
    EventTransmitter,
}

/// Place of the well-known string in the URL.
#[derive(Debug, Clone, Copy)]
enum Place {
    AfterPath,
    BeforePath,
}

impl WellKnown {
    const fn locations(self) -> &'static [(Place, &'static str)] {
        match self {
            Self::AuthorizationServer => &[
                (Place::AfterPath, "openid-configuration"),
                (Place::BeforePath, "oauth-authorization-server"),
                (Place::BeforePath, "openid-configuration"),
            ],
            #[cfg(feature = "security_events")]
            Self::EventTransmitter => &[(Place::BeforePath, "ssf-configuration")],
        }
    }

    /// Returns the possible URLs of an issuer's metadata. If two of them have valid metadata, the
    /// first one counts.
    pub(super) fn urls(self, issuer: &Url) -> Vec<Url> {
        let path = issuer.path().trim_end_matches('/');
        let mut urls: Vec<Url> = Vec::new();
        for (place, string) in self.locations() {
            let mut url = issuer.clone();
            url.set_path(&match place {
                Place::AfterPath => format!("{path}/.well-known/{string}"),
                Place::BeforePath => format!("/.well-known/{string}{path}"),
            });
            // Without a path, two of the forms are the same.
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        urls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_location_below_the_path_of_the_issuer_comes_first() {
        let cases: &[(&str, &[&str])] = &[
            (
                "https://id.example.com",
                &[
                    "https://id.example.com/.well-known/openid-configuration",
                    "https://id.example.com/.well-known/oauth-authorization-server",
                ],
            ),
            (
                "https://id.example.com/",
                &[
                    "https://id.example.com/.well-known/openid-configuration",
                    "https://id.example.com/.well-known/oauth-authorization-server",
                ],
            ),
            (
                "https://id.example.com/realms/acme/",
                &[
                    "https://id.example.com/realms/acme/.well-known/openid-configuration",
                    "https://id.example.com/.well-known/oauth-authorization-server/realms/acme",
                    "https://id.example.com/.well-known/openid-configuration/realms/acme",
                ],
            ),
        ];
        for (issuer, expected) in cases {
            let found = WellKnown::AuthorizationServer.urls(&issuer.parse().unwrap());
            assert!(found.iter().map(Url::as_str).eq(expected.iter().copied()), "{issuer}");
        }
    }

    #[cfg(feature = "security_events")]
    #[test]
    fn the_metadata_of_a_transmitter_is_between_host_and_path() {
        for (issuer, expected) in [
            ("https://tr.example.com", "https://tr.example.com/.well-known/ssf-configuration"),
            ("https://tr.example.com/", "https://tr.example.com/.well-known/ssf-configuration"),
            (
                "https://tr.example.com:8443/issuer1/",
                "https://tr.example.com:8443/.well-known/ssf-configuration/issuer1",
            ),
        ] {
            let found = WellKnown::EventTransmitter.urls(&issuer.parse().unwrap());
            assert_eq!(found, [expected.parse().unwrap()], "{issuer}");
        }
    }
}
