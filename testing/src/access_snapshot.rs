//! Compares an access table with a file under version control.

use std::path::Path;
use std::{env, fs, io};

use axum_protected::router::AccessTable;

/// The name of the environment variable for updates. If its value is `1`, [`assert_unchanged`]
/// writes the file and compares nothing.
const BLESS: &str = "AXUM_PROTECTED_BLESS";

/// Asserts that an access table equals a file under version control.
///
/// Relative paths start at the folder of the package, where `cargo test` runs its tests. Run
/// `AXUM_PROTECTED_BLESS=1 cargo test` to write the file, the first time and after each intended
/// change.
///
/// ```
/// use axum_protected::{ProtectedRouter, ResourceServer, protected, routing::get};
/// use axum_protected_testing::assert_unchanged;
///
/// #[protected(scope = "items:read")]
/// async fn list() {}
///
/// let routes = ProtectedRouter::<ResourceServer>::new().route("/items", get(list));
/// assert_unchanged(routes.access_table(), "tests/access.json");
/// ```
///
/// The assertion fails for a route that requires less than the file says, and also for a route that
/// requires more. If `list` were only `#[protected]`, the message would be:
///
/// ```text
/// the access table differs from `tests/access.json`:
/// WEAKER GET /items: items:read -> any valid token
/// if this is intended, run `AXUM_PROTECTED_BLESS=1 cargo test`
/// ```
///
/// The comparison covers the names of checks but not their code, so test the decisions of each
/// check separately. Two checks with the same name, defined inside two functions of one module,
/// count as the same check.
///
/// # Panics
///
/// Panics if a route differs from the file. The panic message lists every difference. Routes that
/// require less than the file says come first. Also panics if the file is not a snapshot, or cannot
/// be read or written.
#[track_caller]
#[allow(clippy::panic, reason = "an assertion of a test")]
pub fn assert_unchanged(table: &AccessTable, file: impl AsRef<Path>) {
    let file = file.as_ref();
    let should_write = env::var_os(BLESS).is_some_and(|value| value == "1");
    let outcome = if should_write { write(table, file) } else { compare(table, file) };
    if let Err(problem) = outcome {
        panic!("{problem}");
    }
}

fn write(table: &AccessTable, file: &Path) -> Result<(), String> {
    let written = fs::write(file, table.to_snapshot());
    written.map_err(|error| format!("the snapshot `{}`: {error}", file.display()))
}

fn compare(table: &AccessTable, path: &Path) -> Result<(), String> {
    let file = path.display();
    let before = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "there is no snapshot at `{file}`: run `{BLESS}=1 cargo test` to write it; its folder must exist"
        ),
        _ => format!("the snapshot `{file}`: {error}"),
    })?;
    table.compare(&before).map_err(|changes| {
        format!("the access table differs from `{file}`:\n{changes}if this is intended, run `{BLESS}=1 cargo test`")
    })
}
