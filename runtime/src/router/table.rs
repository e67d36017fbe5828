//! Who may call what: every route of a router, as a value and as text.

use std::fmt;

use super::declared::Access;
use crate::policy::Requirement;

/// A method of a path that is not known yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct MethodRoute {
    pub(super) method: &'static str,
    pub(super) access: Access,
}

impl MethodRoute {
    pub(super) fn at(self, path: &str) -> Route {
        Route {
            method: self.method,
            path: path.to_owned(),
            access: self.access,
        }
    }
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The HTTP method.
    pub method: &'static str,
    /// The path, as axum's router takes it.
    pub path: String,
    /// Who may call it.
    pub access: Access,
}

impl Route {
    /// Whatever no other route is for.
    pub(super) fn everything(access: Access) -> Self {
        Self {
            method: "*",
            path: "/*".to_owned(),
            access,
        }
    }

    /// The route in a router that is nested under this path.
    pub(super) fn under(self, prefix: &str) -> Self {
        let prefix = prefix.trim_end_matches('/');
        let path = match self.path.as_str() {
            "/" => prefix.to_owned(),
            path => format!("{prefix}{path}"),
        };
        Self { path, ..self }
    }
}

/// The names of parameters make no difference to a request; double braces are literal ones.
fn shape(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').map(|part| match part.strip_prefix('{') {
        Some(literal) if literal.starts_with('{') => part,
        Some(name) if name.starts_with('*') => "{*}",
        Some(_) => "{}",
        None => part,
    })
}

/// Every route of a [`ProtectedRouter`](crate::ProtectedRouter) with what it says.
///
/// `Display` is a page for a review, sorted by path and method.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessTable {
    routes: Vec<Route>,
}

impl AccessTable {
    /// The routes, in the order they were added.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    pub(super) fn into_routes(self) -> impl Iterator<Item = Route> {
        self.routes.into_iter()
    }

    /// Adds a route, unless there is one already.
    pub(super) fn add(&mut self, route: Route) -> Result<(), String> {
        let Route { method, path, .. } = &route;
        let is_old = path.contains("/:") || (path.contains("/*") && *method != "*");
        if !path.starts_with('/') || is_old {
            return Err(format!("`{path}` is no path: write it as `/items/{{id}}`"));
        }
        let mut alike = self
            .routes
            .iter()
            .filter(|known| shape(&known.path).eq(shape(path)));
        if let Some(known) = alike.clone().find(|known| known.path != *path) {
            let known = &known.path;
            return Err(format!(
                "`{known}` and `{path}` are one path: name its parameters alike"
            ));
        }
        if alike.any(|known| known.method == *method) {
            return Err(format!("`{method} {path}` is declared twice"));
        }
        self.routes.push(route);
        Ok(())
    }

    pub(super) fn unknown_issuers(&self, known: impl Fn(&str) -> bool) -> Vec<String> {
        let mut problems = Vec::new();
        for Route {
            method,
            path,
            access,
        } in &self.routes
        {
            let Access::Protected(operation) = access else {
                continue;
            };
            operation.requirement.walk_all(&mut |leaf| match leaf {
                Requirement::Issuer(issuer) if !known(issuer) => {
                    problems.push(format!(
                        "`{method} {path}` names the unknown issuer `{issuer}`"
                    ));
                }
                _ => {}
            });
        }
        problems
    }
}

impl fmt::Display for AccessTable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut routes: Vec<_> = self.routes.iter().collect();
        routes.sort_by_key(|route| (&route.path, route.method));
        let mut lines = routes.iter();
        lines.try_for_each(|route| writeln!(formatter, "{route}"))
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.method, self.path, self.access)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Protected(operation) => operation.requirement.fmt(formatter),
            Self::Public { reason, .. } => write!(formatter, "public ({reason})"),
        }
    }
}
