//! The settings of the sessions and of their cookie.

#[cfg(feature = "tower_sessions")]
use std::sync::Arc;
use std::time::Duration;

use super::{BrowserBackendBuilder, SameSite, SealingKey, SessionPlace};

impl BrowserBackendBuilder {
    /// Sets the name of the session's cookie without the prefix `__Host-`, which the backend adds.
    /// Default: `session`. Cookies ignore ports, so applications on several ports of one host need
    /// different names.
    pub fn cookie_name(mut self, name: impl Into<String>) -> Self {
        self.cookie_name = name.into();
        self
    }

    /// Sets the `SameSite` attribute of the session's cookie. Default: [`SameSite::Lax`].
    pub fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = same_site;
        self
    }

    /// Sets the longest duration of a session, from the sign-in. Default: 8 h. A session ends
    /// earlier if the provider no longer renews its tokens, for example because the user was idle
    /// for longer than the provider permits.
    pub fn session_limit(mut self, limit: Duration) -> Self {
        self.session_limit = limit;
        self
    }

    /// Sets the time after which a session ends that nobody uses. Default: no limit other than those
    /// of the [`session_limit`](Self::session_limit) and of the provider. Sessions in
    /// [`sealed`](Self::sealed) cookies have no such limit.
    pub fn idle_limit(mut self, limit: Duration) -> Self {
        self.idle_limit = Some(limit);
        self
    }

    /// Keeps the sessions in the memory of this process, and at most this number of them. This is
    /// the default, with 100 000 sessions. All users are signed out when the process ends.
    pub fn memory_sessions(mut self, limit: usize) -> Self {
        self.place = SessionPlace::Memory { limit };
        self
    }

    /// Keeps each session in its cookie, sealed with the first key. Cookies of all keys are opened.
    /// To replace a key, put the new one first, and remove the old one after the
    /// [`session_limit`](Self::session_limit).
    ///
    /// Prefer sessions on the server. A session in a cookie has these limits:
    ///
    /// - The browser stores 4096 bytes. A sign-in whose tokens do not fit fails. Users with many
    ///   roles are the first to see it.
    /// - A session whose renewed tokens no longer fit ends.
    /// - Only the process that ended a session knows the end, and only until it stops. Afterwards,
    ///   and in other instances, a stolen cookie works until the provider refuses to renew its
    ///   tokens or its key is removed. The same holds for an answer that was on its way during the
    ///   sign-out and brings the cookie back, and for back-channel logout, which reaches one
    ///   instance.
    /// - A provider that rotates refresh tokens sees the second use of a token as a theft, and ends
    ///   the session. For one minute, this process remembers the new tokens of an old cookie. The
    ///   session ends if an old cookie comes later, because an answer was lost, or if it reaches
    ///   another instance. Use one instance, sticky connections, or a provider that does not rotate.
    /// - Within this minute, a stolen old cookie gets the new tokens too.
    /// - The sign-out has no ID token as a hint, so the provider may ask the user to confirm it. The
    ///   refresh token is revoked at the provider in any case.
    pub fn sealed(mut self, keys: impl IntoIterator<Item = SealingKey>) -> Self {
        self.place = SessionPlace::Sealed(keys.into_iter().collect());
        self
    }

    /// Sets the keys that seal the short-lived cookies of sign-ins. Default: the keys of
    /// [`sealed`](Self::sealed), or else a random key of this process.
    ///
    /// Several instances of an application need the same keys, because one instance may begin a
    /// sign-in that another one ends.
    pub fn login_keys(mut self, keys: impl IntoIterator<Item = SealingKey>) -> Self {
        self.login_keys = Some(keys.into_iter().collect());
        self
    }

    /// Keeps the sessions in a store that several instances of the application share: Redis, SQL, or
    /// another store for `tower-sessions` 0.14.
    ///
    /// The store gets no token that it could read: each session is encrypted with a key from its
    /// cookie.
    ///
    /// Within an instance, one refresh runs at a time for each session. Instances do not wait for
    /// each other: the stores have no operation for it. If two instances renew a session at the same
    /// moment, one of them is refused, and takes the tokens of the other one from the store. A
    /// provider that punishes a second use of a refresh token, such as Keycloak with
    /// `Revoke Refresh Token`, ends the session instead. For such a provider, send the requests of a
    /// browser to one instance, or permit one reuse (`Refresh Token Max Reuse`).
    #[cfg(feature = "tower_sessions")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tower_sessions")))]
    pub fn sessions_in(mut self, store: impl tower_sessions_core::SessionStore) -> Self {
        self.place = SessionPlace::Store(Arc::new(store));
        self
    }
}
