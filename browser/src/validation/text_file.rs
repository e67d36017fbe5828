//! Reads a file that contains a secret.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// The longest content in bytes.
const LIMIT: u64 = 16 * 1024;

/// Returns the content of the file without the white space around it. The error does not contain
/// the content.
pub(super) fn read(setting: &str, path: &Path) -> Result<String, String> {
    let problem = |problem: &str| format!("`{setting}` `{}` {problem}", path.display());
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LIMIT.saturating_add(1)).read_to_end(&mut content))
        .map_err(|error| problem(&format!("cannot be read: {error}")))?;
    if u64::try_from(content.len()).is_ok_and(|length| length > LIMIT) {
        return Err(problem("is longer than 16 KiB"));
    }
    let text = String::from_utf8(content).map_err(|_| problem("is not UTF-8"))?;
    Ok(text.trim().to_owned())
}
