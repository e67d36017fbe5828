//! Locations of an issuer's metadata, derived from the issuer's URL.

use reqwest::Url;

/// Returns the possible URLs of an issuer's metadata. If two of them have valid metadata, the first
/// one counts.
///
/// OpenID Connect Discovery section 4.1 puts the well-known string after the path of the issuer's
/// URL. RFC 8414 section 3.1 puts it between the host and the path, and section 5 names the two
/// strings there. The first form is below the issuer's own path. For an issuer with a path, the
/// other forms are at the root of the host, which another program may serve.
pub(super) fn locations(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let mut locations: Vec<Url> = Vec::new();
    for well_known in [
        format!("{path}/.well-known/openid-configuration"),
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("/.well-known/openid-configuration{path}"),
    ] {
        let mut url = issuer.clone();
        url.set_path(&well_known);
        // Without a path, two of the forms are the same.
        if !locations.contains(&url) {
            locations.push(url);
        }
    }
    locations
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
            let found = locations(&issuer.parse().unwrap());
            assert!(found.iter().map(Url::as_str).eq(expected.iter().copied()), "{issuer}");
        }
    }
}
