//! `max_age = "5m"`: the longest time since the caller authenticated.

use proc_macro2::TokenTree;
use syn::{LitInt, LitStr};

use crate::errors::Errors;
use crate::list::{Entry, Form, tokens};
use crate::string_value::{Hint, text};

const HINT: Hint<'_> = Hint { example: "max_age = \"5m\"", several: None };

const YEAR: u64 = 365 * 24 * 60 * 60;

/// A maximum age in whole seconds.
pub(crate) struct MaxAge {
    pub(crate) seconds: u64,
    pub(crate) text: LitStr,
}

impl MaxAge {
    /// Reads the duration in the value of an entry.
    pub(crate) fn parse(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        if let Form::Value(value) = &entry.form
            && let [TokenTree::Literal(_)] = value.as_slice()
            && let Ok(number) = syn::parse2::<LitInt>(tokens(value))
        {
            errors.at(&number, with_unit(&number.to_string()));
            return None;
        }
        let text = text(entry, &HINT, errors)?;
        match seconds(&text.value()) {
            Ok(seconds) => Some(Self { seconds, text }),
            Err(mistake) => {
                errors.at(text, mistake);
                None
            }
        }
    }
}

fn seconds(value: &str) -> Result<u64, String> {
    let example = HINT.example;
    let value = value.trim();
    if value.is_empty() {
        return Err(format!("the max_age is empty: write `{example}`"));
    }
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(with_unit(value));
    }
    let duration = humantime::parse_duration(value)
        .map_err(|_| format!("`{value}` is not a duration: write `{example}`"))?;
    match duration.as_secs() {
        _ if duration.subsec_nanos() > 0 => {
            Err(format!("a max_age must be whole seconds: write `{example}`"))
        }
        0 => Err(format!(
            "a max_age of zero refuses every caller: write a longer one, as in `{example}`"
        )),
        YEAR.. if duration.as_secs() > YEAR => {
            Err("a max_age cannot exceed 365 days: write a shorter one, or remove it".to_owned())
        }
        seconds => Ok(seconds),
    }
}

/// Returns the error message for a `max_age` that is a number without a unit, or a number with a
/// unit but without quotes.
fn with_unit(number: &str) -> String {
    let unit = if number.ends_with(|last: char| last.is_ascii_digit()) { "s" } else { "" };
    format!("a max_age must be a string with a unit: write `max_age = \"{number}{unit}\"`")
}
