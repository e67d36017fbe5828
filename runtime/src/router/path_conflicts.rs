//! The paths of a router, stored in the same kind of matcher as in axum. The functions here return
//! an error for each conflict at which axum would panic.

use std::collections::{BTreeMap, BTreeSet};

use matchit::InsertError;

/// The path of the requests below a nested service. axum hides a parameter of this name from
/// extractors, and from the matched path of a nested router, because `axum::Router::nest_service`
/// uses the same name.
pub(super) const SERVICE_TAIL: &str = "/{*__private__axum_nest_tail_param}";

/// The paths of the routes and fallbacks added so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths {
    routes: Matcher,
    /// The path prefixes of the routers that have a fallback. The prefix of the root router is the
    /// empty string.
    fallbacks: BTreeSet<String>,
}

impl Paths {
    /// Adds a route with this path and HTTP method.
    pub(super) fn claim(&mut self, path: &str, method: &'static str) -> Result<(), String> {
        well_formed(path)?;
        self.routes.claim(path, method)
    }

    /// Returns the paths that have no handler for every HTTP method.
    pub(super) fn without_any(&self) -> Vec<String> {
        let paths = self.routes.methods.iter().filter(|(_, methods)| !methods.contains("*"));
        paths.map(|(path, _)| path.clone()).collect()
    }

    /// Adds the fallback of the router that is nested at this path.
    pub(super) fn claim_fallback(&mut self, below: &str) -> Result<(), String> {
        if self.fallbacks.insert(below.to_owned()) {
            Ok(())
        } else {
            Err(format!("`* {below}/*` is declared twice"))
        }
    }

    /// Adds the paths of another router.
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), String> {
        self.routes.extend("", &other.routes)?;
        other.fallbacks.iter().try_for_each(|below| self.claim_fallback(below))?;
        self.can_fall_back("")
    }

    /// Adds the paths of another router under a prefix.
    pub(super) fn nest(&mut self, prefix: &str, inner: &Self) -> Result<(), String> {
        nestable(prefix)?;
        self.routes.extend(prefix, &inner.routes)?;
        if !inner.fallbacks.is_empty() && !inner.fallbacks.contains("") {
            // axum discards the fallbacks of routers inside `inner` if `inner` itself has no
            // fallback.
            return Err(format!(
                "the router at `{prefix}` contains routers with a fallback and has none itself: add a fallback to it"
            ));
        }
        inner
            .fallbacks
            .iter()
            .try_for_each(|below| self.claim_fallback(&format!("{prefix}{below}")))?;
        if inner.fallbacks.contains("") {
            self.routes.claim(&format!("{prefix}/"), "*")?;
        }
        self.can_fall_back(prefix)
    }

    /// Checks that the paths of the fallbacks do not conflict with each other. axum matches
    /// fallbacks separately from routes, and its root router always has a fallback.
    fn can_fall_back(&self, nested: &str) -> Result<(), String> {
        let mut matcher = matchit::Router::new();
        let all = self.fallbacks.iter().map(String::as_str).filter(|below| !below.is_empty());
        for prefix in std::iter::once("").chain(all) {
            let paths = ["/", "/{*rest}"].map(|path| below(prefix, path));
            if paths.into_iter().any(|path| matcher.insert(path, ()).is_err()) {
                return Err(format!(
                    "a router with a fallback cannot be nested at `{nested}`: give the fallback to the outer router"
                ));
            }
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Default)]
struct Matcher {
    matcher: matchit::Router<()>,
    methods: BTreeMap<String, BTreeSet<&'static str>>,
}

impl Matcher {
    fn claim(&mut self, path: &str, method: &'static str) -> Result<(), String> {
        if let Some(methods) = self.methods.get_mut(path) {
            return if methods.insert(method) {
                Ok(())
            } else {
                Err(format!("`{method} {path}` is declared twice"))
            };
        }
        self.matcher.insert(path, ()).map_err(|error| problem(path, &error))?;
        self.methods.insert(path.to_owned(), BTreeSet::from([method]));
        Ok(())
    }

    fn extend(&mut self, prefix: &str, others: &Self) -> Result<(), String> {
        for (path, methods) in &others.methods {
            let path = below(prefix, path);
            methods.iter().try_for_each(|method| self.claim(&path, method))?;
        }
        Ok(())
    }
}

/// Joins a prefix and the path of a route of a nested router, in the same way as axum.
pub(super) fn below(prefix: &str, path: &str) -> String {
    match path {
        "/" if !prefix.is_empty() => prefix.to_owned(),
        path => format!("{prefix}{path}"),
    }
}

/// Checks that axum accepts a path as the prefix of a nested router.
pub(super) fn nestable(path: &str) -> Result<(), String> {
    if path.len() < 2 || path.ends_with('/') || path.contains("{*") {
        return Err(format!(
            "nothing can be nested at `{path}`: write a path like `/api`, without a trailing slash"
        ));
    }
    well_formed(path)
}

/// Checks that a path begins with `/` and has no parameters in the syntax of axum before 0.8. axum
/// panics at parameters in that syntax.
fn well_formed(path: &str) -> Result<(), String> {
    let has_old_parameter = path.split('/').any(|segment| segment.starts_with([':', '*']));
    if !path.starts_with('/') || has_old_parameter {
        return Err(format!("`{path}` is not a path: write it like `/items/{{id}}`"));
    }
    Ok(())
}

fn is_below_service(path: &str) -> bool {
    path.ends_with(SERVICE_TAIL)
}

fn problem(path: &str, error: &InsertError) -> String {
    let mistake = match error {
        InsertError::Conflict { with }
            if [path, with].iter().any(|path| is_below_service(path)) =>
        {
            let [with, path] = [with, path].map(|path| path.replace(SERVICE_TAIL, "/*"));
            return format!("`{with}` and `{path}` match the same requests: remove one");
        }
        InsertError::Conflict { with } => {
            return format!(
                "`{with}` and `{path}` match the same requests: give their parameters the same names, or remove one"
            );
        }
        InsertError::InvalidParamSegment => {
            "a segment may contain one parameter, with nothing after it".to_owned()
        }
        InsertError::InvalidParam => {
            "write a parameter as `{name}`, and a literal brace as `{{` or `}}`".to_owned()
        }
        InsertError::InvalidCatchAll => "`{*rest}` must be the whole last segment".to_owned(),
        other => other.to_string(),
    };
    format!("`{path}` is not a path: {mistake}")
}
