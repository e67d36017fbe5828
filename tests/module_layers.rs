//! Imports run one way. Each crate is built in floors, one for each module of its root: a module
//! imports from lower floors only, and no files import each other in a circle. A file and those in
//! the folder of its name are one module in parts: the parts may name what the whole defines.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]

#[path = "module_layers/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};

use source::definition;

/// The modules of `macros/src`, lowest first.
const MACROS: &[&str] = &[
    // What is wrong, and where.
    "errors",
    "attribute",
    "spans",
    "suggest",
    // The grammar of lists, and of single values.
    "list",
    "string_value",
    "crate_path",
    // What is read.
    "function",
    "requirement",
    "args",
    "utoipa_path",
    "handler",
    // What must hold of it.
    "token_extractors",
    "handler_rules",
    "placement",
    // What becomes of it.
    "check_impl",
    "policy_impl",
    "expand",
    "check_attribute",
    "derive_policy",
    "scopes",
    "derive_has_resource_server",
    "routes",
    "entry_points",
];

/// The modules of `runtime/src`, lowest first.
const RUNTIME: &[&str] = &[
    // Plain data.
    "problems",
    "algorithm",
    "clock",
    "json",
    "scope",
    "error",
    "telemetry",
    // What a request presents, what it is verified with, and what it must satisfy.
    "credential",
    "token",
    "keys",
    "revocation",
    "policy",
    "refusal",
    // What joins them.
    "server",
    "check",
    "extract",
    // Where policies are applied and described.
    "layer",
    "router",
    "openapi",
    // The names that only the attributes and the crate of tests use.
    "guide",
    "testing_exports",
    "private",
];

/// Imports that no circle counts.
const MUTUAL: &[(&str, &str)] = &[
    // One type in several files: an operation holds its requirement, which may name an operation.
    ("policy::operation", "policy::requirement"),
];

#[test]
fn the_macros_import_from_lower_floors() {
    assert_eq!(Imports::of("macros").upward(MACROS), [""; 0]);
}

#[test]
fn the_macros_have_no_circles() {
    assert_eq!(Imports::of("macros").circles(), [""; 0]);
}

#[test]
fn the_runtime_imports_from_lower_floors() {
    assert_eq!(Imports::of("runtime").upward(RUNTIME), [""; 0]);
}

#[test]
fn the_runtime_has_no_circles() {
    assert_eq!(Imports::of("runtime").circles(), [""; 0]);
}

/// The modules of a crate without its tests: what each of them imports, by the module that defines
/// it. A module is written as `requirement::claim`, the root as nothing.
struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    fn of(package: &str) -> Self {
        let modules = source::modules(package);
        let imports = modules.iter().map(|(module, source)| {
            // What a module only passes on is of no use to itself.
            let own = source.uses.iter().filter(|path| source.names(path));
            let mut imports: BTreeSet<_> = own.map(|path| definition(path, &modules)).collect();
            imports.remove(module);
            (module.clone(), imports)
        });
        Self(imports.collect())
    }

    /// The imports from above, and what the floors and the modules do not have of each other.
    fn upward(&self, floors: &[&str]) -> Vec<String> {
        let floor = |module: &str| floors.iter().position(|floor| *floor == top(module));
        let gone = floors.iter().filter(|floor| !self.0.contains_key(**floor));
        let mut found: Vec<_> = gone.map(|floor| format!("`{floor}` is not a module")).collect();
        for (module, imports) in self.0.iter().filter(|(module, _)| !module.is_empty()) {
            let Some(own) = floor(module) else {
                found.push(format!("`{module}` is on no floor"));
                continue;
            };
            let above = imports.iter().filter(|import| floor(import) > Some(own));
            found.extend(above.map(|import| {
                format!(
                    "`{module}` imports `{import}`, and `{}` is above `{}`",
                    top(import),
                    top(module)
                )
            }));
        }
        found
    }

    /// The ways from a module back to it.
    fn circles(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut ended = BTreeSet::new();
        for module in self.0.keys() {
            self.follow(module, &mut Vec::new(), &mut ended, &mut found);
        }
        found
    }

    fn follow<'a>(
        &'a self,
        module: &'a str,
        way: &mut Vec<&'a str>,
        ended: &mut BTreeSet<&'a str>,
        found: &mut Vec<String>,
    ) {
        if let Some(start) = way.iter().position(|before| *before == module) {
            found.push(format!("{} -> {module}", way[start..].join(" -> ")));
        } else if !ended.contains(module) {
            way.push(module);
            let is_part = |whole: &str| module.starts_with(&format!("{whole}::"));
            let counts = |import: &str| !is_part(import) && !MUTUAL.contains(&(module, import));
            for import in self.0[module].iter().filter(|import| counts(import)) {
                self.follow(import, way, ended, found);
            }
            way.pop();
            ended.insert(module);
        }
    }
}

/// The module of the root that a module is in.
fn top(module: &str) -> &str {
    module.split("::").next().unwrap()
}
