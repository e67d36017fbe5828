//! Tests that each demand of a standard in `standards.md` names a test, and that the test exists.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;

/// The number of demands in the document.
const DEMANDS: usize = 76;

#[test]
fn each_demand_of_a_standard_has_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let document = fs::read_to_string(root.join("tests/standards.md")).unwrap();
    let rows: Vec<Vec<&str>> = document.lines().filter_map(demand).collect();
    assert_eq!(rows.len(), DEMANDS);
    let complaints: Vec<String> = rows.iter().flat_map(|row| complaints(&root, row)).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Returns the cells of a row that states a demand.
fn demand(line: &str) -> Option<Vec<&str>> {
    let cells: Vec<_> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let number = cells.first()?.strip_prefix(|first: char| first.is_ascii_uppercase())?;
    number.parse::<u32>().is_ok().then_some(cells)
}

fn complaints(root: &Path, row: &[&str]) -> Vec<String> {
    let [name, _, _, tests, ..] = row else { return vec![format!("{row:?}: cells are missing")] };
    let tests: Vec<_> = tests.split('`').filter(|text| text.contains("::")).collect();
    if tests.is_empty() {
        return vec![format!("{name}: no test")];
    }
    let missing = tests.into_iter().filter(|test| !exists(root, test));
    missing.map(|test| format!("{name}: `{test}` does not exist")).collect()
}

/// Returns true if a file has a test function with this name.
fn exists(root: &Path, test: &str) -> bool {
    let Some((file, function)) = test.split_once("::") else { return false };
    ["runtime/src", "tests", "testing/tests"].into_iter().any(|folder| {
        let source = fs::read_to_string(root.join(folder).join(file)).unwrap_or_default();
        let declaration = format!("fn {function}(");
        source.split("#[").any(|item| {
            let is_test = item.starts_with("test]") || item.starts_with("tokio::test");
            is_test && item.contains(&declaration)
        })
    })
}
