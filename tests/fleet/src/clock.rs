//! Clocks of instances that differ from the clock of the machine, by the library `faketime`.

use std::fs;
use std::path::{Path, PathBuf};

/// The changed system clock of one process. The monotonic clock stays right.
#[derive(Debug, Clone)]
pub(crate) struct ShiftedClock {
    library: PathBuf,
    file: PathBuf,
}

impl ShiftedClock {
    /// Creates a clock that is right at first. Its offset is in a file of this folder.
    pub(crate) fn new(library: PathBuf, file: PathBuf) -> Self {
        let clock = Self { library, file };
        clock.shift(0);
        clock
    }

    /// Sets the difference to the right time, in seconds. The process notices within one second.
    pub(crate) fn shift(&self, seconds: i64) {
        // Renamed, because the process may read at any time.
        let next = self.file.with_extension("next");
        fs::write(&next, format!("{seconds:+}s\n")).expect("the offset of a clock is written");
        fs::rename(&next, &self.file).expect("the offset of a clock is written");
    }

    /// Returns the environment variables for the process.
    pub(crate) fn variables(&self) -> [(&'static str, &Path); 4] {
        [
            ("LD_PRELOAD", &self.library),
            ("FAKETIME_TIMESTAMP_FILE", &self.file),
            ("FAKETIME_CACHE_DURATION", Path::new("1")),
            ("FAKETIME_DONT_FAKE_MONOTONIC", Path::new("1")),
        ]
    }
}

/// Returns the path of the library as Debian installs it.
pub(crate) fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
    let mut paths = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    paths.find(|path| path.exists())
}
