//! Compares the public items of the published crates with a stored list. A change of the list is a
//! change of the API. With `AXUM_PROTECTED_BLESS=1` the test overwrites the stored list.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what fails here is a failed test"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

#[test]
fn the_public_items_are_those_of_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut documentation = Command::new(cargo);
    documentation.args(["doc", "--workspace", "--no-deps", "--all-features", "--quiet"]);
    documentation.arg("--target-dir").arg(target).current_dir(&root);
    assert!(documentation.status().unwrap().success(), "`cargo doc` fails");
    let crates = [
        "axum_protected",
        "axum_protected_browser",
        "axum_protected_redis",
        "axum_protected_testing",
    ];
    let items: String = crates.into_iter().map(|name| items(target, name)).collect();

    let list = root.join("tests/public_items.txt");
    if env::var_os("AXUM_PROTECTED_BLESS").is_some_and(|value| value == "1") {
        fs::write(list, items).unwrap();
        return;
    }
    let before = fs::read_to_string(list).unwrap();
    let only = |these: &str, others: &str| {
        let is_new = |line: &&str| !others.lines().any(|other| other == *line);
        these.lines().filter(is_new).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!((only(&items, &before), only(&before, &items)), (vec![], vec![]), "(new, gone)");
}

/// Returns one line for each item of a crate: its kind and its path. The page of all items in the
/// rustdoc output links to each item.
fn items(target: &Path, name: &str) -> String {
    let page = fs::read_to_string(target.join("doc").join(name).join("all.html")).unwrap();
    let (_, list) = page.split_once("<h1>List of all items</h1>").unwrap();
    let mut items = String::new();
    for link in list.split("href=\"").skip(1).filter_map(|rest| rest.split_once(".html\"")) {
        let (module, file) = link.0.rsplit_once('/').unwrap_or(("", link.0));
        let (kind, item) = file.split_once('.').unwrap();
        let path = [name, module, item].join("::").replace('/', "::").replace("::::", "::");
        writeln!(items, "{kind} {path}").unwrap();
    }
    items
}
