//! The functions of the application that the server calls.

use axum_core::response::Response;

use super::builder::ResourceServerBuilder;
use crate::audit::{Audit, Decision};
use crate::keys::{KeysChanged, Listener};
use crate::refusal::{Refusal, RefusalBody};

impl ResourceServerBuilder {
    /// Sets a callback that runs when the keys of an issuer have changed. The callback runs for the
    /// first key set that the server fetches from an issuer, and for each later set whose usable
    /// keys differ. For a key file, it runs for each change after the server was built. It does not
    /// run for keys that never change, such as those of [`Issuer::jwks`](crate::Issuer::jwks).
    ///
    /// The callback receives one change at a time, on a thread that it may block. If more than 64
    /// changes wait for the callback, the callback is not called for the oldest of them. A panic in
    /// the callback is logged. The server uses the new keys even if the callback panics or is not
    /// called. A callback that never returns keeps the tokio runtime from shutting down.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    ///
    /// let builder = ResourceServer::builder().on_keys_changed(|changed| {
    ///     eprintln!("{}: {:?} are gone", changed.issuer, changed.removed);
    /// });
    /// ```
    #[must_use]
    pub fn on_keys_changed<F>(mut self, callback: F) -> Self
    where
        F: Fn(&KeysChanged) + Send + Sync + 'static,
    {
        self.listener = Some(Listener::new(callback));
        self
    }

    /// Sets a callback that receives each decision of a guard: of a handler with `#[protected]`, of
    /// a [`ProtectedLayer`](crate::ProtectedLayer), and of a proof
    /// [`Authorized<P>`](crate::Authorized).
    ///
    /// The callback runs synchronously after the decision and before the handler or the refusal, so
    /// it must be fast and must not block. To write to a file or a database, send the values that
    /// you need to a task. A panic in the callback is logged and does not change the decision.
    ///
    /// The decision contains the verified token with its claims, which may be personal data. This
    /// crate logs neither.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    ///
    /// let builder = ResourceServer::builder().on_decision(|decision| {
    ///     let subject = decision.token().and_then(|token| token.subject());
    ///     let outcome = decision.refusal().map_or("allowed", |kind| kind.code());
    ///     eprintln!("{subject:?} {}: {outcome}", decision.operation());
    /// });
    /// ```
    #[must_use]
    pub fn on_decision<F>(mut self, callback: F) -> Self
    where
        F: Fn(&Decision<'_>) + Send + Sync + 'static,
    {
        self.audit = Some(Audit::new(callback));
        self
    }

    /// Replaces the problem document with the response that `body` builds for a refusal. The
    /// status, `WWW-Authenticate` and `Retry-After` of that response are always replaced with those
    /// of the refusal. `body` returns a `Response`, or an `Option<Response>` that is `None` for the
    /// problem document.
    ///
    /// ```
    /// use axum_protected::ResourceServer;
    /// use axum::response::{Html, IntoResponse};
    ///
    /// // HTML for browsers, the problem document for programs.
    /// let builder = ResourceServer::builder().refusal_body(|refusal| {
    ///     let is_browser = refusal.accept().is_some_and(|accept| accept.contains("text/html"));
    ///     is_browser.then(|| Html(format!("<p>{}</p>", refusal.detail())).into_response())
    /// });
    /// ```
    ///
    /// Of the request, `body` sees the method, `Accept` and `Accept-Language`. The server adds
    /// `Vary: accept, accept-language` to the response.
    #[must_use]
    pub fn refusal_body<F, R>(mut self, body: F) -> Self
    where
        F: Fn(&Refusal) -> R + Send + Sync + 'static,
        R: Into<Option<Response>>,
    {
        self.refusal_body = Some(RefusalBody::new(body));
        self
    }
}
