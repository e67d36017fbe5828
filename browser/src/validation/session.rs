//! Checks the settings of the sessions.

use std::sync::Arc;
use std::time::Duration;

use axum_protected::__browser::Provider;

use crate::cookie::Cookie;
use crate::seal::SealingKeys;
use crate::sessions::Sessions;
use crate::settings::{BrowserBackendBuilder, SessionPlace};
#[cfg(feature = "tower_sessions")]
use crate::store::{ExternalSettings, ExternalStore};
use crate::store::{MemoryLimits, MemoryStore, SessionStore};

/// The longest name of a cookie, without its prefix.
const NAME_LIMIT: usize = 64;
/// Browsers keep a cookie for at most 400 days (RFC 6265bis section 5.5).
const LONGEST_SESSION: Duration = Duration::from_secs(400 * 24 * 3600);

impl BrowserBackendBuilder {
    /// Returns the session's cookie. Adds the problems of the settings to `problems`.
    pub(super) fn session_cookie(&self, problems: &mut Vec<String>) -> Cookie {
        let name = self.cookie_name.as_str();
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let is_word = name.len() <= NAME_LIMIT && name.bytes().all(is_allowed);
        if name.is_empty() || !is_word {
            problems.push(format!(
                "`cookie_name` is not a word of 1 to {NAME_LIMIT} letters, digits and `-_.`"
            ));
        } else if ["__", "login-", "sign-out"].iter().any(|prefix| name.starts_with(prefix)) {
            problems.push(format!(
                "`cookie_name` `{name}` begins with a prefix that has a meaning: write a name such \
                 as `session`, to which the backend adds `__Host-`"
            ));
        }
        let cookie = Cookie::new(name, self.same_site);
        if self.server.configuration().token_cookie.as_deref() == Some(cookie.name.as_str()) {
            problems.push(format!(
                "`{}` is the cookie of sessions and the `token_cookie` of the server: set another \
                 `cookie_name`",
                cookie.name
            ));
        }
        cookie
    }

    /// Creates the sessions in their place. `keys` are those of sessions in cookies.
    pub(super) fn sessions(
        &self,
        cookie: Cookie,
        keys: Option<Arc<SealingKeys>>,
        provider: &Provider,
    ) -> Sessions {
        match keys {
            Some(keys) => Sessions::sealed(cookie, keys, self.session_limit),
            None => Sessions::stored(cookie, self.store(provider)),
        }
    }

    #[cfg_attr(
        not(feature = "tower_sessions"),
        expect(unused_variables, reason = "names in a store contain the provider")
    )]
    fn store(&self, provider: &Provider) -> Arc<dyn SessionStore> {
        let mut limits = MemoryLimits { idle: self.idle_limit, ..MemoryLimits::default() };
        match &self.place {
            SessionPlace::Memory { limit } => limits.sessions = *limit,
            #[cfg(feature = "tower_sessions")]
            SessionPlace::Store(store) => {
                let settings = ExternalSettings {
                    issuer: provider.issuer().to_owned(),
                    client_id: self.client_id.clone().unwrap_or_default(),
                    session_lifetime: self.session_limit,
                    idle: self.idle_limit,
                };
                return Arc::new(ExternalStore::new(Arc::clone(store), settings));
            }
            SessionPlace::Sealed(_) => {}
        }
        Arc::new(MemoryStore::new(limits))
    }

    pub(super) fn check_session_settings(&self, problems: &mut Vec<String>) {
        if self.session_limit < Duration::from_secs(1) || self.session_limit > LONGEST_SESSION {
            problems.push("`session_limit` is not between 1 s and 400 days".to_owned());
        }
        if self.idle_limit.is_some_and(|limit| limit < Duration::from_secs(1)) {
            problems.push("`idle_limit` is shorter than 1 s".to_owned());
        }
        if self.idle_limit.is_some() && matches!(self.place, SessionPlace::Sealed(_)) {
            problems.push(
                "`idle_limit` does not apply to `sealed` sessions, of whose use no server keeps a \
                 record: remove it, or keep the sessions on the server"
                    .to_owned(),
            );
        }
        if matches!(self.place, SessionPlace::Memory { limit: 0 }) {
            problems.push("`memory_sessions` is 0: no user could sign in".to_owned());
        }
    }
}
