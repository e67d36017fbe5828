//! Routes with a path that the program computes when it starts, such as the path of a file with a
//! hash of its content.

use super::snapshot::path::covers;
use super::{DeclaredMethods, ProtectedRouter};

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Adds the handlers of a path that the program computes when it starts, like
    /// [`route`](Self::route). In snapshots the pattern stands for the path, so that a snapshot does
    /// not change with each build.
    ///
    /// ```
    /// use axum_protected::routing::get;
    /// use axum_protected::{ProtectedRouter, ResourceServer, public};
    ///
    /// #[public(reason = "scripts of the start page")]
    /// async fn script() {}
    ///
    /// # let hash = "3f9c";
    /// let path = format!("/assets/app-{hash}.js");
    /// let router = ProtectedRouter::<ResourceServer>::new()
    ///     .route_with_pattern("/assets/app-{hash}.js", &path, get(script));
    /// let table = router.access_table();
    /// assert!(table.to_string().starts_with("GET /assets/app-3f9c.js: public"), "{table}");
    /// assert!(table.to_snapshot().contains("GET computed:/assets/app-{hash}.js"));
    /// ```
    ///
    /// A parameter of the pattern stands for one or more characters of a segment, and `{*rest}` for
    /// one or more segments. Several routes may have one pattern if they have the same access; the
    /// snapshot then has one entry for them. [`into_router`](Self::into_router) returns an error if
    /// the path does not match its pattern, or if routes with one pattern have different access.
    ///
    /// A comparison with a snapshot treats a pattern as if each path that matches it could have a
    /// route. Another path that matches the same pattern is not a change, so write narrow patterns.
    #[must_use]
    pub fn route_with_pattern<M>(mut self, pattern: &str, path: &str, methods: M) -> Self
    where
        M: DeclaredMethods<State = S>,
    {
        if !covers(pattern, path) {
            self.problems.push(format!(
                "`{path}` does not match its pattern `{pattern}`: write a pattern like `/assets/{{file}}`"
            ));
        }
        self.add_route(path, Some(pattern), methods.declared())
    }
}
