//! Reads the tables in the telemetry documentation.

use std::collections::BTreeSet;

pub(crate) const DOCUMENT: &str = include_str!("../../runtime/src/telemetry/telemetry.md");

/// Returns the texts of the cells, line by line, of the table whose first column has this heading.
pub(crate) fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let head = format!("| {heading} |");
    let mut lines = DOCUMENT.lines().skip_while(|line| !line.starts_with(&head));
    assert!(lines.next().is_some(), "a table of {heading}s");
    let rows: Vec<Vec<_>> = lines
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(!rows.is_empty(), "rows of {heading}s");
    rows
}

/// Returns the texts in backticks of a cell.
pub(crate) fn quoted(cell: &str) -> BTreeSet<String> {
    let pieces = cell.split('`').skip(1).step_by(2);
    pieces.map(str::to_owned).collect()
}

/// Returns the only text in backticks of a cell.
pub(crate) fn name(cell: &str) -> String {
    let names = quoted(cell);
    assert_eq!(names.len(), 1, "{cell}");
    names.into_iter().collect()
}
