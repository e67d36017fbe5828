//! Tests the recipes of the guide: each configuration builds a server, the server accepts the token
//! that the recipe shows, and the handler reads the values that the recipe shows.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod files;
mod mistakes;
mod recipe;
mod token;

use axum_protected::{AccessToken, RefusalKind, ResourceServer, ResourceServerBuilder};
use serde_json::Value;

use self::recipe::{Configuration, Recipe, ShownToken, recipes};

#[test]
fn each_configuration_builds_a_server() {
    let mut failures = Vec::new();
    for Recipe { title, configurations, .. } in recipes() {
        for Configuration { mut document, .. } in configurations {
            files::replace(&mut document);
            if let Err(problem) = build(document) {
                failures.push(format!("{title}: {problem}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[tokio::test]
async fn each_token_is_accepted_and_seen_as_the_recipe_says() {
    let mut failures = Vec::new();
    for Recipe { title, configurations, .. } in recipes() {
        for configuration in configurations {
            if let Err(problem) = judge(configuration).await {
                failures.push(format!("{title}: {problem}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn each_recipe_has_all_parts() {
    for Recipe { title, text, configurations } in recipes() {
        for part in ["**There.**", "**Here.**", "**A token.**", "**Mistakes.**", "**Tried**"] {
            assert!(text.contains(part), "{title}: {part}");
        }
        assert!(
            configurations.iter().any(|configuration| configuration.token.is_some()),
            "{title}"
        );
    }
}

#[test]
fn each_mistake_has_a_code_of_a_refusal() {
    for Recipe { title, text, .. } in recipes() {
        let (_, table) = text.split_once("| code | cause |\n").expect("a table of mistakes");
        let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
        let cells: Vec<_> = rows.map(|row| row.split(" | ").next().unwrap()).collect();
        assert_eq!(cells.len(), 2, "{title}: two mistakes");
        for code in cells.iter().flat_map(|cell| recipe::quoted(cell)) {
            let is_known = RefusalKind::ALL.iter().any(|kind| kind.code() == code);
            assert!(is_known, "{title}: {code}");
        }
    }
}

#[test]
fn the_index_names_each_recipe() {
    let index = recipe::page("products");
    for Recipe { title, .. } in recipes() {
        let product = title.split(", tokens").next().unwrap();
        assert!(index.contains(product), "{product}");
    }
}

/// Verifies the token of a configuration, and compares what a handler sees with the recipe.
async fn judge(mut configuration: Configuration) -> Result<(), String> {
    let Some(shown) = configuration.token.take() else { return Ok(()) };
    let token = verify(configuration.document, &shown).await?;
    let seen = [
        token.client().into_iter().map(str::to_owned).collect(),
        token.scopes().map(str::to_owned).collect(),
        token.roles().map(str::to_owned).collect(),
        token.tenant().into_iter().map(str::to_owned).collect::<Vec<_>>(),
    ];
    if seen != shown.seen {
        return Err(format!("client, scopes, roles, tenant are {seen:?}"));
    }
    Ok(())
}

/// Signs the token and verifies it under the configuration. The error is the code of the refusal, or
/// the problem of the configuration.
async fn verify(mut document: Value, shown: &ShownToken) -> Result<AccessToken, String> {
    files::replace(&mut document);
    let text = token::sign(shown, &mut document);
    let verified = build(document)?.authenticate(&text).await;
    verified.map_err(|error| error.kind().code().to_owned())
}

fn build(document: Value) -> Result<ResourceServer, String> {
    let builder: ResourceServerBuilder =
        serde_json::from_value(document).map_err(|error| error.to_string())?;
    builder.build().map_err(|error| error.to_string())
}
