//! The declaration of routes: records their access and paths, and the problems of both.

use super::method::ProtectedMethodRouter;
use super::{AccessRow, ProtectedRouter};

impl<S> ProtectedRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    /// Adds a problem that [`into_router`](Self::into_router) reports.
    pub(crate) fn report(mut self, problem: impl Into<String>) -> Self {
        self.problems.push(problem.into());
        self
    }

    /// Adds the handlers of a path. If the path is computed, `pattern` stands for it in snapshots.
    pub(super) fn add_route(
        mut self,
        path: &str,
        pattern: Option<&str>,
        methods: ProtectedMethodRouter<S>,
    ) -> Self {
        let ProtectedMethodRouter { methods, declared, find_server } = methods;
        self.find_server = self.find_server.or(find_server);
        let claims: Vec<_> =
            declared.iter().map(|(method, _)| self.paths.claim(path, method)).collect();
        let rows = declared
            .into_iter()
            .map(|(method, access)| AccessRow::new(method, path, access).with_pattern(pattern));
        if self.declare_new(claims, rows) {
            self.router = self.router.route(path, methods);
        }
        self
    }

    /// Like `declare`, for routes that no router has declared before. Reports the routes that are
    /// public for an empty reason.
    pub(super) fn declare_new(
        &mut self,
        claims: impl IntoIterator<Item = Result<(), String>>,
        rows: impl IntoIterator<Item = AccessRow>,
    ) -> bool {
        let rows: Vec<_> = rows.into_iter().collect();
        let is_valid = self.declare(claims, rows.iter().cloned());
        self.problems.extend(rows.iter().filter_map(AccessRow::empty_reason));
        is_valid
    }

    /// Records the access and the paths of routes, and the problems of these paths. Returns false
    /// if axum would panic when the caller adds these routes to the axum router.
    pub(super) fn declare(
        &mut self,
        claims: impl IntoIterator<Item = Result<(), String>>,
        routes: impl IntoIterator<Item = AccessRow>,
    ) -> bool {
        let mut problems: Vec<_> = claims.into_iter().filter_map(Result::err).collect();
        for route in routes {
            let problem = self.table.add(route).err();
            problems.extend(problem.filter(|problem| !problems.contains(problem)));
        }
        let is_valid = problems.is_empty();
        self.problems.extend(problems);
        is_valid
    }
}
