//! Routes and layers that a function adds to the [`axum::Router`] inside a [`ProtectedRouter`].

use std::panic::Location;

use axum::Router;

use super::ProtectedRouter;
use super::access_row::AccessRow;
use super::unknown_access::UnknownAccess;

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Passes the [`axum::Router`] inside this router to a function, for extension traits and
    /// middleware that take a whole router.
    ///
    /// The access table cannot know which routes and layers the function adds or removes. It gets
    /// one row, `? /*: ? (reason)`. A snapshot has this row too: a function that is added, removed
    /// or has another reason is a change. [`access_matrix`] reports the row as not tried.
    ///
    /// ```
    /// use axum::Router;
    /// use axum_protected::routing::get;
    /// use axum_protected::{ProtectedRouter, ResourceServer, public};
    ///
    /// /// An extension trait of another crate.
    /// trait RouterExt {
    ///     fn with_version(self) -> Self;
    /// }
    ///
    /// impl<S: Clone + Send + Sync + 'static> RouterExt for Router<S> {
    ///     fn with_version(self) -> Self {
    ///         self.route("/version", axum::routing::get(|| async { "1" }))
    ///     }
    /// }
    ///
    /// #[public(reason = "liveness probe")]
    /// async fn health() {}
    ///
    /// let router = ProtectedRouter::<ResourceServer>::new()
    ///     .route("/health", get(health))
    ///     .map_router("the version of the program", RouterExt::with_version);
    /// let table = router.access_table().to_string();
    /// assert!(table.starts_with("? /*: ? (the version of the program) ["), "{table}");
    /// ```
    ///
    /// The function must not set a fallback; use [`fallback`](Self::fallback). A router that is
    /// nested must set its fallback after `map_router`: a layer of the function would not be around
    /// the fallback for all requests, so the other order is a problem that
    /// [`into_router`](Self::into_router) reports.
    ///
    /// [`access_matrix`]: https://docs.rs/axum-protected-testing
    #[must_use]
    #[track_caller]
    pub fn map_router(
        mut self,
        reason: &'static str,
        change: impl FnOnce(Router<S>) -> Router<S>,
    ) -> Self {
        let access = UnknownAccess { reason, location: Location::caller(), guard: None };
        let row = AccessRow::unknown(access);
        self.problems.extend(row.empty_reason());
        if let Err(problem) = self.table.add(row) {
            self.problems.push(format!("{problem}: give each `map_router` its own reason"));
        }
        self.router = change(self.router);
        // The function has not changed the copy of the fallback. Without the copy, `nest` reports a
        // problem.
        self.fallback = None;
        self
    }
}
