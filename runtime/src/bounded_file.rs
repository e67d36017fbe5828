//! Reads small files that a configuration names.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Reads a regular file of at most `limit` bytes. The error never contains the content of the file.
/// This function blocks.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let metadata = path.metadata().map_err(|error| error.to_string())?;
    // Opening a pipe would wait for its writer.
    if !metadata.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    let mut content = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut content);
    let length = read.map_err(|error| error.to_string())?;
    if u64::try_from(length).is_ok_and(|length| length > limit) {
        return Err(format!("it is longer than {limit} bytes"));
    }
    Ok(content)
}
