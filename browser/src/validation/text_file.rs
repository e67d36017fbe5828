//! Reads a file that contains a secret.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// The longest content in bytes.
const LIMIT: u64 = 16 * 1024;

/// Returns the content of the file without the white space around it. The error is the predicate of
/// a sentence, and does not contain the content.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let mut content = String::new();
    let read = File::open(path)
        .and_then(|file| file.take(LIMIT.saturating_add(1)).read_to_string(&mut content));
    match read {
        Ok(length) if u64::try_from(length).is_ok_and(|length| length <= LIMIT) => {
            Ok(content.trim().to_owned())
        }
        Ok(_) => Err(format!("is longer than 16 KiB in `{}`", path.display())),
        Err(error) => Err(format!("cannot be read from `{}`: {error}", path.display())),
    }
}
