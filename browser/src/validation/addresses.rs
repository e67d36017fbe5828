//! Checks the addresses of the application.

use url::{Host, Url};

use crate::addresses::{Addresses, Paths};
use crate::settings::BrowserBackendBuilder;
use crate::sign_in::ReturnAddress;

impl BrowserBackendBuilder {
    /// Returns the addresses. Adds the problems of the settings to `problems`.
    pub(super) fn addresses(&self, problems: &mut Vec<String>) -> Option<Addresses> {
        let mut report = |problem: String| problems.push(problem);
        let public_url = self.checked_public_url().map_err(&mut report).ok();
        let paths = paths(&self.route_prefix).map_err(&mut report).ok();
        let (public_url, paths) = (public_url?, paths?);
        let Some(after_logout) = ReturnAddress::resolve(&public_url, &self.after_logout) else {
            report(format!(
                "`after_logout` is not a path of the application: write a path such as `/`, not \
                 `{}`",
                self.after_logout.escape_debug()
            ));
            return None;
        };
        let redirect_uri = public_url.join(&paths.callback).ok()?;
        Some(Addresses { public_url, redirect_uri, after_logout, paths })
    }

    fn checked_public_url(&self) -> Result<Url, String> {
        if let Some(text) = &self.public_url {
            let url = origin(text)?;
            let normal = url.origin().ascii_serialization();
            if text.trim_end_matches('/') == normal {
                return Ok(url);
            }
            return Err(format!(
                "`public_url` is not an origin: write `{normal}`, and the path of the routes with \
                 `route_prefix`"
            ));
        }
        match self.server.public_url() {
            Some(text) => origin(text),
            None => Err("the address of the application is not known: set `public_url`, such as \
                         `https://notes.example.com`"
                .to_owned()),
        }
    }
}

/// Returns the origin of a URL, with the path `/`.
fn origin(text: &str) -> Result<Url, String> {
    let problem = |problem: &str| format!("`public_url` {problem}");
    let url: Url = text.parse().map_err(|error| problem(&format!("is not a URL: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem("contains a user name or a password: remove it"));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(problem("is http: browsers send the cookies of a session only by https"));
        }
        _ => return Err(problem("is neither https nor http on loopback")),
    }
    let origin = url.origin().ascii_serialization();
    origin.parse().map_err(|error| problem(&format!("is not a URL: {error}")))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Returns the paths of the routes below a prefix.
fn paths(prefix: &str) -> Result<Paths, String> {
    let is_segment = |segment: &str| {
        let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        !matches!(segment, "" | "." | "..") && segment.bytes().all(is_unreserved)
    };
    let is_prefix = prefix.is_empty()
        || prefix.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment));
    if !is_prefix {
        return Err(format!(
            "`route_prefix` `{}` is not a path such as `/auth`: write it with a slash at its \
             beginning and none at its end, in letters, digits and `-._~`",
            prefix.escape_debug()
        ));
    }
    Ok(Paths {
        login: format!("{prefix}/login"),
        callback: format!("{prefix}/callback"),
        session: format!("{prefix}/session"),
        logout: format!("{prefix}/logout"),
        provider_logout: format!("{prefix}/logout/provider"),
        backchannel_logout: format!("{prefix}/backchannel-logout"),
    })
}
