//! Describes the configuration that a refused token was compared with.

use super::rules::{Profile, Rules};
use crate::error::Fault;

/// Largest number of configured values in a description.
const MAX_VALUES: usize = 16;

impl Rules {
    /// Returns the configuration that a rule compares with. Returns `None` if the rule does not
    /// depend on the configuration.
    pub(crate) fn expected(&self, fault: Fault) -> Option<String> {
        match fault {
            Fault::AudMissing | Fault::AudMalformed | Fault::AudOther => {
                Some(quoted(self.audiences.iter().map(String::as_str)))
            }
            Fault::TypOther => Some(match self.profile {
                Profile::Jwt => "`at+jwt`, `JWT` or no `typ`".to_owned(),
                Profile::Rfc9068 => "`at+jwt`".to_owned(),
            }),
            Fault::ExpPassed | Fault::NbfAhead => Some(format!("a leeway of {:?}", self.leeway)),
            _ => None,
        }
    }

    /// Returns the name of the claim that a rule is about, if the name is configured.
    pub(crate) fn claim(&self, fault: Fault) -> Option<String> {
        match fault {
            _ => None,
        }
    }
}

/// Returns the texts in backticks, separated by commas. Long lists are cut.
pub(crate) fn quoted<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut texts = texts.into_iter();
    let first: Vec<_> = texts.by_ref().take(MAX_VALUES).map(|text| format!("`{text}`")).collect();
    match texts.count() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
