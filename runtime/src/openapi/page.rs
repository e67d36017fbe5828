//! Who may call what, as a page for people.

use super::addition::Addition;
use crate::router::AccessTable;

impl AccessTable {
    /// The table in Markdown, for a review or an audit, sorted by path and method.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let head = ["method", "path", "who may call it", "declared at"];
        let mut page = row(head) + &row(["---"; 4]);
        for route in self.sorted() {
            let location = route.access.location();
            let place = format!("{}:{}", location.file(), location.line());
            let note = Addition::of(&route.access).note;
            page += &row([route.method, &route.path, &note, &place]);
        }
        page
    }
}

fn row(cells: [&str; 4]) -> String {
    format!("| {} |\n", cells.map(cell).join(" | "))
}

/// Text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\r', '\n'], " ")
}
