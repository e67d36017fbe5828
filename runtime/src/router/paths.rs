//! The paths of a router, in a matcher as axum's own: what axum would panic at is told instead.

use std::collections::{BTreeMap, BTreeSet};

use matchit::InsertError;

/// What can be matched so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths {
    routes: Matcher,
    /// The paths below which something takes what no route is for; the root is empty.
    fallbacks: BTreeSet<String>,
}

impl Paths {
    /// Takes up a method of a path.
    pub(super) fn claim(&mut self, path: &str, method: &'static str) -> Result<(), String> {
        well_formed(path)?;
        self.routes.claim(path, method)
    }

    /// Takes up what no route is for.
    pub(super) fn claim_fallback(&mut self, below: &str) -> Result<(), String> {
        let is_new = self.fallbacks.insert(below.to_owned());
        let twice = || format!("`* {below}/*` is declared twice");
        is_new.then_some(()).ok_or_else(twice)
    }

    /// Takes up another router's beside these.
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), String> {
        self.routes.extend("", &other.routes)?;
        let mut fallbacks = other.fallbacks.iter();
        fallbacks.try_for_each(|below| self.claim_fallback(below))?;
        self.can_fall_back("")
    }

    /// Takes up another router's under a path.
    pub(super) fn nest(&mut self, prefix: &str, inner: &Self) -> Result<(), String> {
        nestable(prefix)?;
        self.routes.extend(prefix, &inner.routes)?;
        if !inner.fallbacks.is_empty() && !inner.fallbacks.contains("") {
            // axum forgets them.
            return Err(format!(
                "the router at `{prefix}` has inner routers with a fallback: give it one too"
            ));
        }
        let mut fallbacks = inner.fallbacks.iter();
        fallbacks.try_for_each(|below| self.claim_fallback(&format!("{prefix}{below}")))?;
        if inner.fallbacks.contains("") {
            self.routes.claim(&format!("{prefix}/"), "*")?;
        }
        self.can_fall_back(prefix)
    }

    /// axum matches fallbacks apart from the routes, and always has one at the root.
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
            let is_new = methods.insert(method);
            let twice = || format!("`{method} {path}` is declared twice");
            return is_new.then_some(()).ok_or_else(twice);
        }
        let inserted = self.matcher.insert(path, ());
        inserted.map_err(|error| problem(path, &error))?;
        self.methods.insert(path.to_owned(), BTreeSet::from([method]));
        Ok(())
    }

    fn extend(&mut self, prefix: &str, others: &Self) -> Result<(), String> {
        for (path, methods) in &others.methods {
            let path = below(prefix, path);
            let mut methods = methods.iter();
            methods.try_for_each(|method| self.claim(&path, method))?;
        }
        Ok(())
    }
}

/// A path of a nested router, as axum joins it.
pub(super) fn below(prefix: &str, path: &str) -> String {
    match path {
        "/" if !prefix.is_empty() => prefix.to_owned(),
        path => format!("{prefix}{path}"),
    }
}

/// Whether axum takes a path to nest something under.
pub(super) fn nestable(path: &str) -> Result<(), String> {
    if path.len() < 2 || path.ends_with('/') || path.contains("{*") {
        return Err(format!(
            "nothing can be nested at `{path}`: write a path as `/api`, without a slash at its end"
        ));
    }
    well_formed(path)
}

/// Segments as axum had them before 0.8 are refused by it, since nothing else is meant by them.
fn well_formed(path: &str) -> Result<(), String> {
    let mut segments = path.split('/');
    let is_old = segments.any(|segment| segment.starts_with([':', '*']));
    if !path.starts_with('/') || is_old {
        return Err(format!("`{path}` is no path: write it as `/items/{{id}}`"));
    }
    Ok(())
}

fn problem(path: &str, error: &InsertError) -> String {
    let mistake = match error {
        InsertError::Conflict { with } => {
            return format!(
                "`{with}` and `{path}` take the same requests: name their parameters alike, or remove one"
            );
        }
        InsertError::InvalidParamSegment => {
            "a segment has one parameter, and nothing after it".to_owned()
        }
        InsertError::InvalidParam => {
            "a parameter is written `{name}`, a brace itself `{{` or `}}`".to_owned()
        }
        InsertError::InvalidCatchAll => {
            "`{*rest}` goes after the last slash, and nothing after it".to_owned()
        }
        other => other.to_string(),
    };
    format!("`{path}` is no path: {mistake}")
}
