//! The access table as Markdown.

use super::access_docs::AccessDocs;
use super::sentence::code;
use crate::router::AccessTable;

impl AccessTable {
    /// Returns the table as Markdown for a review or an audit, sorted by path and method.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let head = ["method", "path", "who may call it", "declared at"];
        let mut page = row(&head.map(str::to_owned)) + &row(&["---"; 4].map(str::to_owned));
        for route in self.sorted() {
            let location = route.access.location();
            let place = format!("{}:{}", location.file(), location.line());
            let shown = if route.is_page() { " Shows a page." } else { "" };
            let note = AccessDocs::of(&route.access).note + shown;
            let path = code(&route.path);
            page += &row(&[route.method, &path, &note, &place].map(cell));
        }
        page
    }
}

fn row(cells: &[String; 4]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Escapes a text so that it stays within one cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\r', '\n'], " ")
}
