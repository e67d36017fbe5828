//! Entry point of the fuzz target for records of a log.

use super::record::{self, Record, RevocationText};

/// Reads the text of a record, and writes what was read. Returns `None` if the text is not a record.
#[must_use]
pub fn rewritten(text: &str) -> Option<String> {
    Some(match record::read(text).ok()? {
        Record::Revocation(revocation, until) => record::revocation(&RevocationText {
            issuer: &revocation.issuer,
            kind: revocation.kind,
            name: &revocation.name,
            until,
            latest: revocation.latest,
        }),
        Record::Trimmed(trimmed, until) => record::trimmed(trimmed, until),
    })
}
