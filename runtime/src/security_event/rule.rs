//! The rules for security event tokens, each with the error code that the transmitter gets.

use super::error::{EventError, EventErrorCode};
use crate::error::Fault;

macro_rules! rules {
    ($($rule:ident = $code:ident, $sentence:literal;)*) => {
        /// The rule that a security event token failed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Rule {
            $($rule,)*
        }

        impl Rule {
            const fn code(self) -> EventErrorCode {
                match self { $(Self::$rule => EventErrorCode::$code,)* }
            }

            /// Returns a sentence that states the fault.
            pub(crate) const fn sentence(self) -> &'static str {
                match self { $(Self::$rule => $sentence,)* }
            }
        }
    };
}

rules! {
    TooLong = InvalidRequest, "the token is longer than 64 KiB";
    TypHeaderOther = InvalidRequest, "the header parameter `typ` is not `secevent+jwt`";
    IssMissing = InvalidIssuer, "the claim `iss` is missing or not a string";
    IssOther = InvalidIssuer, "the claim `iss` is not the identifier of a transmitter of this receiver";
    AudMissing = InvalidAudience, "the claim `aud` is missing, or neither a string nor an array of strings";
    AudOther = InvalidAudience, "the claim `aud` contains no identifier of this receiver";
    IatMissing = InvalidRequest, "the claim `iat` is missing or not a number of seconds since 1970";
    IatAhead = InvalidRequest, "the time in `iat` is ahead by more than the leeway";
    JtiMissing = InvalidRequest, "the claim `jti` is missing, empty or not a string";
    HasExp = InvalidRequest, "the claim `exp` is there, which no security event has";
    HasSub = InvalidRequest, "the claim `sub` is there, which no security event has: use `sub_id`";
    EventsMissing = InvalidRequest, "the claim `events` is missing or not an object";
    EventsSeveral = InvalidRequest, "the claim `events` does not have exactly one event";
    EventMalformed = InvalidRequest, "the event in `events` is not an object";
    TimeMalformed = InvalidRequest, "the `event_timestamp` of the event is not a number of seconds since 1970";
    SubjectMissing = InvalidRequest, "the claim `sub_id` is missing, and the event has no `subject`";
    SubjectsTwo = InvalidRequest, "the claim `sub_id` is there beside the `subject` of the event";
    SubjectMalformed = InvalidRequest, "the subject is not an object with the members of its `format`";
    SubjectForeign = AccessDenied, "the event is about the tokens of an issuer of which the transmitter may not speak";
}

impl From<Rule> for EventError {
    fn from(rule: Rule) -> Self {
        Self::refused(rule.code(), rule.sentence())
    }
}

/// Converts the fault of a text that is not a signed token with a supported header.
pub(crate) fn of_fault(fault: Fault) -> EventError {
    match fault {
        Fault::TypOther => Rule::TypHeaderOther.into(),
        fault => EventError::refused(EventErrorCode::InvalidRequest, fault.rule()),
    }
}
