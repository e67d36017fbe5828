//! Tests the imports between the modules of each crate. The root modules of a crate are ordered in
//! layers. A module may import only from lower layers, and files must not import each other in a
//! cycle. A file and the folder with the same name are one module: files in the folder may import
//! from the file.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]

#[path = "module_layers/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};

use source::definition;

/// The modules of `macros/src`. The lowest layer is the first.
const MACROS: &[&str] = &[
    // Errors and spans.
    "errors",
    "attribute_kind",
    "spans",
    "suggest",
    // The grammar.
    "list",
    "page",
    "string_value",
    "crate_path",
    // The parsed input.
    "function",
    "requirement",
    "args",
    "utoipa_path",
    "handler",
    // The rules.
    "type_path",
    "token_extractors",
    "checked_extractors",
    "handler_rules",
    "placement",
    // The expansion.
    "check_impl",
    "policy_impl",
    "expand",
    "check_attribute",
    "derive_policy",
    "declared_enum",
    "roles",
    "scopes",
    "derive_has_resource_server",
    "routes",
    "entry_points",
];

/// The modules of `runtime/src`. The lowest layer is the first.
const RUNTIME: &[&str] = &[
    // Plain data.
    "problems",
    "algorithm",
    "clock",
    "json",
    "granted_scopes",
    "error",
    "error_chain",
    "bounded_file",
    "pem",
    "http_grammar",
    "redaction",
    "resource_identifier",
    "possession",
    "transport",
    "telemetry",
    "lock",
    "background_task",
    "flights",
    // Credentials, verification and requirements.
    "credential",
    "api_key",
    "token",
    "identity",
    "fetch",
    "keys",
    "dpop",
    "openid",
    "introspection",
    "revocation",
    "security_event",
    "policy",
    "refusal",
    "audit",
    // The server and the extractors.
    "server",
    "check",
    "extract",
    // Layers, routers and documents that apply or describe policies.
    "layer",
    "router",
    "resource_metadata",
    "event_routes",
    "openapi",
    // Documentation, and names that only the attributes and other crates use.
    "guide",
    "testing_exports",
    "browser_exports",
    "private",
];

/// The modules of `browser/src`. The lowest layer is the first.
const BROWSER: &[&str] = &[
    // Plain data and events.
    "error",
    "telemetry",
    "client",
    "settings",
    "cookie",
    "seal",
    "session",
    // The rules of a sign-in.
    "sign_in",
    "addresses",
    // The sessions and their places.
    "store",
    "sessions",
    // The requests to the provider.
    "token_endpoint",
    "token_revocation",
    "refresh",
    // The backend, and what an application mounts of it.
    "backend",
    "token_source",
    "layer",
    "routes",
    "validation",
];

/// The modules of `redis/src`. The lowest layer is the first.
const REDIS: &[&str] = &[
    // Plain data, events and pure rules.
    "error",
    "telemetry",
    "address",
    "slots",
    "failure",
    "replies",
    "credentials",
    // One server, and all of them.
    "tls",
    "answer_limit",
    "connection",
    "sentinel",
    "deployment",
    "configuration",
    // Connections that are kept.
    "exclusive",
    "shared",
    "nodes",
    // The log and the store.
    "log",
    "proofs",
    "client",
    "settings",
];

/// Pairs of modules that may import each other.
const MUTUAL: &[(&str, &str)] = &[
    // The two files define one recursive type: an operation has a requirement, and a requirement
    // may name an operation.
    ("policy::operation", "policy::requirement"),
];

#[test]
fn the_macros_import_from_lower_layers() {
    assert_eq!(Imports::of("macros").upward(MACROS), [""; 0]);
}

#[test]
fn the_macros_have_no_cycles() {
    assert_eq!(Imports::of("macros").cycles(), [""; 0]);
}

#[test]
fn the_runtime_imports_from_lower_layers() {
    assert_eq!(Imports::of("runtime").upward(RUNTIME), [""; 0]);
}

#[test]
fn the_runtime_has_no_cycles() {
    assert_eq!(Imports::of("runtime").cycles(), [""; 0]);
}

#[test]
fn the_browser_backend_imports_from_lower_layers() {
    assert_eq!(Imports::of("browser").upward(BROWSER), [""; 0]);
}

#[test]
fn the_browser_backend_has_no_cycles() {
    assert_eq!(Imports::of("browser").cycles(), [""; 0]);
}

#[test]
fn the_redis_crate_imports_from_lower_layers() {
    assert_eq!(Imports::of("redis").upward(REDIS), [""; 0]);
}

#[test]
fn the_redis_crate_has_no_cycles() {
    assert_eq!(Imports::of("redis").cycles(), [""; 0]);
}

/// The imports of each module of a crate, except imports in tests. The map has an entry for each
/// module: the modules that define the items that it imports. A module name is the path from the
/// root, like `requirement::claim`. The name of the root is an empty string.
struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    fn of(package: &str) -> Self {
        let modules = source::modules(package);
        let imports = modules.iter().map(|(module, source)| {
            // A re-export counts as an import only if the module uses the item itself.
            let own = source.uses.iter().filter(|path| source.names(path));
            let mut imports: BTreeSet<_> = own.map(|path| definition(path, &modules)).collect();
            imports.remove(module);
            (module.clone(), imports)
        });
        Self(imports.collect())
    }

    /// Returns a text for each import from a higher layer, each layer without a module, and each
    /// module without a layer.
    fn upward(&self, layers: &[&str]) -> Vec<String> {
        let layer = |module: &str| layers.iter().position(|layer| *layer == top(module));
        let missing = layers.iter().filter(|layer| !self.0.contains_key(**layer));
        let mut found: Vec<_> = missing.map(|layer| format!("`{layer}` is not a module")).collect();
        for (module, imports) in self.0.iter().filter(|(module, _)| !module.is_empty()) {
            let Some(own) = layer(module) else {
                found.push(format!("`{module}` is in no layer"));
                continue;
            };
            let above = imports.iter().filter(|import| layer(import) > Some(own));
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

    /// Returns the import cycles.
    fn cycles(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut visited = BTreeSet::new();
        for module in self.0.keys() {
            self.visit(module, &mut Vec::new(), &mut visited, &mut found);
        }
        found
    }

    fn visit<'a>(
        &'a self,
        module: &'a str,
        path: &mut Vec<&'a str>,
        visited: &mut BTreeSet<&'a str>,
        found: &mut Vec<String>,
    ) {
        if let Some(start) = path.iter().position(|before| *before == module) {
            found.push(format!("{} -> {module}", path[start..].join(" -> ")));
        } else if !visited.contains(module) {
            path.push(module);
            for import in &self.0[module] {
                let is_part = module.starts_with(&format!("{import}::"));
                if !is_part && !MUTUAL.contains(&(module, import.as_str())) {
                    self.visit(import, path, visited, found);
                }
            }
            path.pop();
            visited.insert(module);
        }
    }
}

/// Returns the root module that contains a module.
fn top(module: &str) -> &str {
    module.split("::").next().unwrap()
}
