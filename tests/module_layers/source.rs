//! The source and the `use` items of a crate. Names of modules and items are paths from the root of
//! the crate, like `requirement::claim`. The name of the root is an empty string.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Reads the modules of a crate, without its tests.
pub(crate) fn modules(package: &str) -> BTreeMap<String, Source> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = manifest.join("..").join(package).join("src");
    let files = without_tests(files(&root, ""));
    let modules = files.iter().map(|(module, source)| {
        let read = Source::read(module, source, &files);
        (module.clone(), read)
    });
    modules.collect()
}

/// Reads the source of each module in a folder, without comments.
fn files(folder: &Path, parent: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let module = match path.file_stem().unwrap().to_str().unwrap() {
            "lib" | "mod" => parent.to_owned(),
            name => join(parent, name),
        };
        if path.is_dir() {
            found.extend(files(&path, &module));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            let lines: Vec<_> =
                source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.insert(module, lines.join("\n"));
        }
    }
    found
}

fn join(parent: &str, name: &str) -> String {
    let parents = Some(parent).filter(|parent| !parent.is_empty());
    parents.into_iter().chain([name]).collect::<Vec<_>>().join("::")
}

/// Removes the test modules, because tests may import from every layer.
fn without_tests(mut files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    const TESTS: &str = "#[cfg(test)]\n";
    let mut tests = Vec::new();
    for (module, source) in &mut files {
        for item in source.split(TESTS).skip(1) {
            let item = item.trim_start_matches("pub(crate) ");
            let name = item.strip_prefix("mod ").and_then(|item| item.split([';', ' ']).next());
            tests.extend(name.map(|name| join(module, name)));
        }
        if let Some((code, _)) = source.split_once("#[cfg(test)]\nmod tests {") {
            *source = code.to_owned();
        }
    }
    files.retain(|module, _| {
        !tests.iter().any(|test| module == test || module.starts_with(&format!("{test}::")))
    });
    files
}

/// The source of one module.
pub(crate) struct Source {
    /// The imported paths, from the root of the crate.
    pub(crate) uses: Vec<String>,
    /// The code of the module, without `use` items.
    code: String,
}

impl Source {
    fn read(module: &str, source: &str, files: &BTreeMap<String, String>) -> Self {
        let (mut uses, mut code) = (Vec::new(), String::new());
        for item in source.split_inclusive(';') {
            let start = ["use ", "pub use ", "pub(crate) use ", "pub(super) use "]
                .into_iter()
                .filter_map(|keyword| {
                    let at = if item.starts_with(keyword) {
                        0
                    } else {
                        item.find(&format!("\n{keyword}"))?
                    };
                    Some((at, at + item[at..].find("use ")? + 4))
                })
                .min();
            let Some((end, start)) = start else {
                let is_module =
                    item.trim_end_matches(';').rsplit('\n').next().unwrap().contains("mod ");
                code.push_str(if is_module { "" } else { item });
                continue;
            };
            code.push_str(&item[..end]);
            let tree = item[start..].split_whitespace().collect::<Vec<_>>().join(" ");
            let paths = leaves(tree.trim_end_matches(';'));
            uses.extend(paths.iter().filter_map(|path| absolute(path, module, files)));
        }
        Self { uses, code }
    }

    /// Returns true if the code uses the name that the path imports.
    pub(crate) fn names(&self, path: &str) -> bool {
        let name = path.rsplit([' ', ':']).next().unwrap();
        let mut words = self.code.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        matches!(name, "_" | "*") || words.any(|word| word == name)
    }
}

/// Returns the paths of a `use` tree.
fn leaves(tree: &str) -> Vec<String> {
    let Some((prefix, list)) = tree.split_once('{') else {
        return vec![tree.trim().to_owned()];
    };
    let list = list.trim().strip_suffix('}').unwrap();
    let mut depth = 0;
    let members = list
        .split(|letter| {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            letter == ',' && depth == 0
        })
        .filter(|member| !member.trim().is_empty());
    members.flat_map(leaves).map(|leaf| format!("{}{leaf}", prefix.trim())).collect()
}

/// Makes a path absolute. Returns `None` if the path leads to another crate.
fn absolute(path: &str, module: &str, files: &BTreeMap<String, String>) -> Option<String> {
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let (first, rest) = path.split_once("::").unwrap_or((path, ""));
    match first {
        "crate" => Some(rest.to_owned()),
        "self" if rest.starts_with("super::") => absolute(rest, module, files),
        "self" => Some(join(module, rest)),
        "super" if rest.starts_with("super::") => absolute(rest, parent, files),
        "super" => Some(join(parent, rest)),
        child => files.contains_key(&join(module, child)).then(|| join(module, path)),
    }
}

/// Returns the module that defines the item of a path. Follows re-exports.
pub(crate) fn definition(path: &str, modules: &BTreeMap<String, Source>) -> String {
    let path = path.split(" as ").next().unwrap();
    let mut module = path;
    while !modules.contains_key(module) {
        module = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    }
    let rest = path[module.len()..].trim_start_matches("::");
    let name = rest.split("::").next().unwrap();
    let re_export =
        modules[module].uses.iter().find(|path| path.rsplit([' ', ':']).next() == Some(name));
    re_export.map_or_else(|| module.to_owned(), |path| definition(path, modules))
}
