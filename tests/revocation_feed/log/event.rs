//! The events of the log, from which a test reconstructs its contents at each moment.

use axum_protected::revocation::LogPosition;

/// A change of the log, or of the copy that a server is connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LogEvent {
    /// A copy with these records takes over.
    Created {
        copy: usize,
        records: Vec<(LogPosition, String)>,
    },
    /// The server of this link, or another program, appended a record.
    Appended {
        link: Option<usize>,
        copy: usize,
        position: LogPosition,
        text: String,
    },
    Removed {
        copy: usize,
        position: LogPosition,
        removal: Removal,
    },
    /// Another program deleted the copy with its positions. Its lineage stays the same.
    Deleted {
        copy: usize,
    },
    Attached {
        link: usize,
        copy: usize,
    },
}

/// The cause for which a record was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Removal {
    /// The server of this link called `trim`.
    Trim(usize),
    /// Another program removed the oldest records, or all.
    Foreign,
    /// Another program removed records between others, which leaves no trace.
    Single,
}
