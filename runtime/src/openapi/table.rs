//! An access table laid over a document, and as a page for people.

use std::error::Error;
use std::fmt;

use serde_json::{Map, Value};

use super::addition::Addition;
use super::document::{METHODS, describe};
use super::words::cell;
use crate::router::{AccessTable, Route};

impl AccessTable {
    /// Says in each operation of an OpenAPI document who may call it: in its `security`, its
    /// description, its responses and the extension `x-access`. The names of the schemes come with
    /// [`OpenApiSecurity::apply_to`](crate::OpenApiSecurity::apply_to).
    ///
    /// ```
    /// # use axum_protected::AccessTable;
    /// # fn example(table: &AccessTable, document: &mut serde_json::Value) {
    /// if let Err(mismatch) = table.describe(document) {
    ///     panic!("{mismatch}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The routes that the document lacks, the operations that the table lacks, and those whose
    /// `security` said something else. The rest is done all the same.
    pub fn describe(&self, document: &mut Value) -> Result<(), DocumentMismatch> {
        let mut mismatch = DocumentMismatch::default();
        let paths = document.get_mut("paths").and_then(Value::as_object_mut);
        for (path, item) in paths.into_iter().flatten() {
            let item = item.as_object_mut();
            for (method, operation) in item.into_iter().flat_map(operations) {
                self.describe_one(path, method, operation, &mut mismatch);
            }
        }
        for route in self.routes().filter(|route| !is_open_ended(route)) {
            if !has(document, route) {
                let Route { method, path, .. } = route;
                mismatch.undocumented.push(format!("{method} {path}"));
            }
        }
        mismatch.unless_empty()
    }

    fn describe_one(
        &self,
        path: &str,
        method: &str,
        operation: &mut Map<String, Value>,
        mismatch: &mut DocumentMismatch,
    ) {
        let name = || format!("{} {path}", method.to_uppercase());
        match self.route_of(path, method) {
            None => mismatch.undeclared.push(name()),
            Some(route) => {
                if !describe(operation, &route.access) {
                    mismatch.contradicting.push(name());
                }
            }
        }
    }

    /// The route that answers: that of the method before that of all methods, and of those that
    /// take what no other route is for the longest.
    fn route_of(&self, path: &str, method: &str) -> Option<&Route> {
        let at = |wanted: &'static str| {
            self.routes().find(move |route| {
                let is_method = route
                    .method
                    .eq_ignore_ascii_case(wanted_method(wanted, method));
                is_method && !is_open_ended(route) && template(&route.path) == template(path)
            })
        };
        let below = self.routes().filter(|route| {
            let prefix = route.path.strip_suffix("/*");
            prefix.is_some_and(|prefix| is_below(path, &template(prefix)))
        });
        at("")
            .or_else(|| (method == "head").then(|| at("get")).flatten())
            .or_else(|| at("*"))
            .or_else(|| below.max_by_key(|route| route.path.len()))
    }

    /// The table as a Markdown table for a review or an audit, sorted by path and method.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut page =
            String::from("| method | path | who may call it | declared at |\n|---|---|---|---|\n");
        for route in self.sorted() {
            let location = route.access.location();
            let place = format!("{}:{}", location.file(), location.line());
            let note = Addition::of(&route.access).note;
            let cells = [route.method, &route.path, &note, &place].map(cell);
            page.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        page
    }
}

fn wanted_method<'a>(wanted: &'a str, method: &'a str) -> &'a str {
    if wanted.is_empty() { method } else { wanted }
}

fn operations(
    item: &mut Map<String, Value>,
) -> impl Iterator<Item = (&str, &mut Map<String, Value>)> {
    item.iter_mut().filter_map(|(name, operation)| {
        let is_method = METHODS.contains(&name.as_str());
        let operation = operation.as_object_mut().filter(|_| is_method)?;
        Some((name.as_str(), operation))
    })
}

/// A service or a fallback: a document need not list what is in it.
fn is_open_ended(route: &Route) -> bool {
    route.path.ends_with("/*")
}

fn has(document: &Value, route: &Route) -> bool {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut same = paths.into_iter().flatten().filter_map(|(path, item)| {
        (template(path) == template(&route.path))
            .then(|| item.as_object())
            .flatten()
    });
    let method = route.method.to_ascii_lowercase();
    same.any(|item| match method.as_str() {
        "*" => METHODS.iter().any(|method| item.contains_key(*method)),
        // OpenAPI has no word for it.
        "connect" => true,
        method => item.contains_key(method),
    })
}

/// A path without the names of its parameters, which documents may choose for themselves, and with
/// the braces that axum doubles.
fn template(path: &str) -> String {
    let mut template = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        template.push_str(before);
        if let Some(literal) = after.strip_prefix('{') {
            template.push('{');
            rest = literal;
        } else {
            template.push_str("{}");
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
        }
    }
    template.push_str(&rest.replace("}}", "}"));
    template
}

fn is_below(path: &str, prefix: &str) -> bool {
    let path = template(path);
    let rest = path.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Where an access table and a document are not of the same operations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentMismatch {
    undocumented: Vec<String>,
    undeclared: Vec<String>,
    contradicting: Vec<String>,
}

impl DocumentMismatch {
    fn unless_empty(self) -> Result<(), Self> {
        if self == Self::default() {
            Ok(())
        } else {
            Err(self)
        }
    }

    /// Routes that the document lacks.
    pub fn undocumented(&self) -> impl Iterator<Item = &str> {
        self.undocumented.iter().map(String::as_str)
    }

    /// Operations of which the table knows no route, so that nothing is said of who may call them.
    pub fn undeclared(&self) -> impl Iterator<Item = &str> {
        self.undeclared.iter().map(String::as_str)
    }

    /// Operations whose `security` said something else than what is enforced; it was corrected.
    pub fn contradicting(&self) -> impl Iterator<Item = &str> {
        self.contradicting.iter().map(String::as_str)
    }
}

impl fmt::Display for DocumentMismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [
            ("the document lacks", &self.undocumented),
            ("no route is known for", &self.undeclared),
            ("the document said otherwise of", &self.contradicting),
        ];
        let told = all.iter().filter(|(_, operations)| !operations.is_empty());
        let told = told.map(|(what, operations)| {
            let operations: Vec<_> = operations.iter().map(|one| format!("`{one}`")).collect();
            format!("{what} {}", operations.join(", "))
        });
        formatter.write_str(&told.collect::<Vec<_>>().join("; "))
    }
}

impl Error for DocumentMismatch {}
