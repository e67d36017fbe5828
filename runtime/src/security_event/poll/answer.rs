//! Reads the response to a poll request (RFC 8936 section 2.3).

use std::fmt;

use crate::json::{self, Item, Object};

/// Content of a response: the security events that the transmitter delivers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PollAnswer {
    /// The name of each member of `sets`, with the SET that is its value. `None` if the value is not a
    /// string.
    pub(crate) sets: Vec<(String, Option<String>)>,
    /// True if the transmitter has more events (`moreAvailable`), or if events were left out.
    pub(crate) more_available: bool,
}

/// Reason why a response cannot be used. It contains nothing of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadAnswer {
    NotObject,
    NoSets,
    MoreAvailable,
}

impl PollAnswer {
    /// Reads the body of a response with status 200. Of more than `limit` events the rest is left out:
    /// the transmitter sends an event again until it is acknowledged.
    pub(crate) fn read(body: &[u8], limit: usize) -> Result<Self, BadAnswer> {
        let document = json::object(body).map_err(|_| BadAnswer::NotObject)?;
        let answer = document.root();
        let sets = answer.get("sets").and_then(Item::as_object).ok_or(BadAnswer::NoSets)?;
        let more_available = match answer.get("moreAvailable") {
            None => false,
            Some(Item::Bool(more_available)) => more_available,
            Some(_) => return Err(BadAnswer::MoreAvailable),
        };
        let is_cut = sets.members().nth(limit).is_some();
        Ok(Self { sets: read_sets(sets, limit), more_available: more_available || is_cut })
    }
}

fn read_sets(sets: Object<'_>, limit: usize) -> Vec<(String, Option<String>)> {
    let texts = sets.members().map(|(jti, set)| (jti.to_owned(), set.as_str().map(str::to_owned)));
    texts.take(limit).collect()
}

impl fmt::Display for BadAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotObject => "the answer is not one JSON object with distinct member names",
            Self::NoSets => "the answer has no object `sets`",
            Self::MoreAvailable => "the `moreAvailable` of the answer is not a boolean",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::unnecessary_wraps, reason = "the result of reading such an answer")]
    fn answer(
        sets: &[(&str, Option<&str>)],
        more_available: bool,
    ) -> Result<PollAnswer, BadAnswer> {
        let owned = |(jti, set): &(&str, Option<&str>)| ((*jti).to_owned(), set.map(str::to_owned));
        Ok(PollAnswer { sets: sets.iter().map(owned).collect(), more_available })
    }

    #[test]
    fn only_an_object_with_sets_is_an_answer() {
        for (body, expected) in [
            (r#"{"sets":{}}"#, answer(&[], false)),
            (r#"{"sets":{},"moreAvailable":true}"#, answer(&[], true)),
            (r#"{"sets":{},"moreAvailable":false,"other":[{}]}"#, answer(&[], false)),
            (r#"{"sets":{"a":"x.y.z"}}"#, answer(&[("a", Some("x.y.z"))], false)),
            (r#"{"sets":{"":"x","a":7}}"#, answer(&[("", Some("x")), ("a", None)], false)),
            (
                r#"{"sets":{"a":null,"b":["x"],"c":{}}}"#,
                answer(&[("a", None), ("b", None), ("c", None)], false),
            ),
            (
                r#"{"sets":{"a":"1","b":"2","c":"3"},"moreAvailable":false}"#,
                answer(&[("a", Some("1")), ("b", Some("2")), ("c", Some("3"))], false),
            ),
            // The fourth event is beyond the limit, so the transmitter has it still.
            (
                r#"{"sets":{"a":"1","b":"2","c":"3","d":"4"}}"#,
                answer(&[("a", Some("1")), ("b", Some("2")), ("c", Some("3"))], true),
            ),
            (r#"{"sets":{"a":"1","a":"2"}}"#, Err(BadAnswer::NotObject)),
            (r#"{"sets":{"a":"1"},"sets":{}}"#, Err(BadAnswer::NotObject)),
            (r#"{"sets":{"a":"1","\u0061":"2"}}"#, Err(BadAnswer::NotObject)),
            (r#"{"sets":{}}{}"#, Err(BadAnswer::NotObject)),
            ("", Err(BadAnswer::NotObject)),
            ("[]", Err(BadAnswer::NotObject)),
            ("<html>", Err(BadAnswer::NotObject)),
            ("{}", Err(BadAnswer::NoSets)),
            (r#"{"sets":null}"#, Err(BadAnswer::NoSets)),
            (r#"{"sets":[]}"#, Err(BadAnswer::NoSets)),
            (r#"{"sets":{},"moreAvailable":"true"}"#, Err(BadAnswer::MoreAvailable)),
            (r#"{"sets":{},"moreAvailable":null}"#, Err(BadAnswer::MoreAvailable)),
        ] {
            assert_eq!(PollAnswer::read(body.as_bytes(), 3), expected, "{body}");
        }
    }
}
