//! Describes the configuration that a refused token was compared with.

use super::profile::Profile;
use super::rules::Rules;
use crate::error::Fault;

/// Largest number of configured values in a description.
const MAX_VALUES: usize = 16;

impl Rules {
    /// Returns the configuration that a rule compares with. Returns `None` if the rule does not
    /// depend on the configuration.
    pub(crate) fn expected(&self, fault: Fault) -> Option<String> {
        match fault {
            Fault::AudMissing
            | Fault::AudMalformed
            | Fault::AudOther
            | Fault::AudienceClaimMissing
            | Fault::AudienceClaimMalformed
            | Fault::AudienceClaimOther
            | Fault::ProfileAudMissing => Some(quoted(self.audiences.iter().map(String::as_str))),
            Fault::TypOther => Some(match self.profile {
                Profile::Jwt => "`at+jwt`, `JWT` or no `typ`".to_owned(),
                Profile::Rfc9068 => "`at+jwt`".to_owned(),
            }),
            Fault::MarkMissing => self.dialect.kind.as_ref().map(|(_, value)| quoted([&**value])),
            Fault::ExpPassed | Fault::NbfAhead => Some(format!("a leeway of {:?}", self.leeway)),
            Fault::IatAhead => Some(format!("a leeway of {:?}", self.iat_leeway())),
            _ => None,
        }
    }

    /// Returns the name of the claim that a rule is about, if the name is configured.
    pub(crate) fn claim(&self, fault: Fault) -> Option<String> {
        let dialect = &self.dialect;
        match fault {
            Fault::AudienceClaimMissing
            | Fault::AudienceClaimMalformed
            | Fault::AudienceClaimOther => dialect.audience.clone(),
            Fault::MarkMissing => dialect.kind.as_ref().map(|(name, _)| name.clone()),
            Fault::ScopesMalformed => Some(match &dialect.scopes {
                Some(paths) => {
                    let names: Vec<_> = paths.iter().map(|path| path.join(".")).collect();
                    names.join(", ")
                }
                None => "scope".to_owned(),
            }),
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
