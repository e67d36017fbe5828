//! Checks the settings of tokens in a cookie.

use reqwest::Url;

use super::ok_or_report;
use crate::credential::{AmbientCredentials, NAME_LIMIT, SameOrigin, is_scheme};
use crate::server::ResourceServerBuilder;

/// The prefix with which browsers bind a cookie to https and to one host.
const PREFIX: &str = "__Host-";

impl ResourceServerBuilder {
    /// Returns the cookies of the server. Adds the problems of the settings to `problems`.
    pub(in crate::server) fn ambient_credentials(
        &self,
        problems: &mut Vec<String>,
    ) -> AmbientCredentials {
        if let Some(name) = &self.token_cookie {
            ok_or_report(check_name(name), problems);
            if !self.require_https {
                let problem = "`token_cookie` needs `require_https`: a cookie must not come over an \
                               unencrypted connection";
                problems.push(problem.to_owned());
            }
        }
        let further = self.token_cookie_origins.iter();
        let further = further.filter_map(|text| ok_or_report(origin(text), problems)).collect();
        let own = self.public_url.as_deref().and_then(|url| url.parse::<Url>().ok());
        let own = own.map(|url| url.origin().ascii_serialization());
        AmbientCredentials::new(self.token_cookie.clone(), SameOrigin::new(own, further))
    }
}

/// Checks the name of a cookie (RFC 6265 section 4.1.1). The error does not quote a text that is not
/// one word, because an operator may have added a token.
fn check_name(text: &str) -> Result<(), String> {
    if !is_scheme(text) {
        return Err(format!(
            "the `token_cookie` is not one word of at most {NAME_LIMIT} characters, such as \
             `__Host-token`"
        ));
    }
    match text.strip_prefix(PREFIX) {
        Some("") => Err(format!("the `token_cookie` `{text}` has no name after its prefix")),
        Some(_) => Ok(()),
        None => Err(format!(
            "the `token_cookie` `{text}` does not begin with `{PREFIX}`: write \
             `{PREFIX}{}`, so that no other host can set the cookie",
            text.trim_start_matches('_')
        )),
    }
}

/// Checks that a text is an origin as browsers write it (RFC 6454 section 6.2).
fn origin(text: &str) -> Result<String, String> {
    let url = super::url::url("origin in `token_cookie_origins`", text)?;
    let normal = url.origin().ascii_serialization();
    if normal == text {
        return Ok(normal);
    }
    Err(format!(
        "the origin `{text}` in `token_cookie_origins` has more than a scheme, a host and a port: \
         write `{normal}`"
    ))
}
