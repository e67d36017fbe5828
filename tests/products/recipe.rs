//! Reads the recipes from the pages of the guide.

use std::fs;
use std::path::Path;

use serde_json::{Deserializer, Map, Value};

const PAGES: [&str; 3] = ["self_hosted_products", "cloud_products", "workload_products"];

/// A section of a page.
pub(super) struct Recipe {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) configurations: Vec<Configuration>,
}

pub(super) struct Configuration {
    pub(super) document: Value,
    pub(super) token: Option<ShownToken>,
}

/// A token, and the values that a handler reads from it.
pub(super) struct ShownToken {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    /// The values in the columns client, scopes, roles and tenant.
    pub(super) seen: [Vec<String>; 4],
}

pub(super) fn page(name: &str) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src/guide");
    fs::read_to_string(guide.join(name).with_extension("md")).unwrap()
}

pub(super) fn recipes() -> Vec<Recipe> {
    let pages = PAGES.map(page);
    let sections = pages.iter().flat_map(|page| page.split("\n## ").skip(1));
    sections.map(recipe).collect()
}

fn recipe(section: &str) -> Recipe {
    let (title, text) = section.split_once('\n').unwrap();
    // A token belongs to the configuration before it.
    let configurations = text.split("```json\n").skip(1).map(|part| {
        let (document, rest) = part.split_once("```").unwrap();
        Configuration {
            document: serde_json::from_str(document)
                .unwrap_or_else(|error| panic!("{title}: {error}")),
            token: token(title, rest),
        }
    });
    Recipe {
        title: title.to_owned(),
        text: text.to_owned(),
        configurations: configurations.collect(),
    }
}

fn token(title: &str, text: &str) -> Option<ShownToken> {
    let (_, rest) = text.split_once("```text\n")?;
    let (token, rest) = rest.split_once("```").unwrap();
    let mut parts = Deserializer::from_str(token).into_iter::<Map<String, Value>>();
    let mut part = || parts.next().expect(title).expect(title);
    let (header, claims) = (part(), part());
    let (_, table) = rest.split_once("| client | scopes | roles | tenant |\n").expect(title);
    let row = table.lines().nth(1).expect(title).trim_matches('|');
    let cells: Vec<_> = row.split('|').map(quoted).collect();
    let seen = cells.try_into().unwrap_or_else(|_| panic!("{title}: four columns"));
    Some(ShownToken { header, claims, seen })
}

/// Returns the texts between backticks.
pub(super) fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
