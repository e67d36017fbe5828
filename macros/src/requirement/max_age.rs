//! `max_age = "5m"`: how long ago the caller may have authenticated.

use proc_macro2::TokenTree;
use syn::{LitInt, LitStr};

use crate::errors::Errors;
use crate::list::{Entry, Form, tokens};
use crate::string_value::{Hint, text};

const WANTED: Hint<'_> = Hint { example: "max_age = \"5m\"", several: None };

const A_YEAR: u64 = 365 * 24 * 60 * 60;

/// A duration in whole seconds.
pub(crate) struct MaxAge {
    pub(crate) seconds: u64,
    pub(crate) written: LitStr,
}

impl MaxAge {
    /// Reads the duration of an entry.
    pub(crate) fn parse(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        if let Form::Value(value) = &entry.form
            && let [TokenTree::Literal(_)] = value.as_slice()
            && let Ok(number) = syn::parse2::<LitInt>(tokens(value))
        {
            errors.at(&number, with_unit(&number.to_string()));
            return None;
        }
        let written = text(entry, &WANTED, errors)?;
        match seconds(&written.value()) {
            Ok(seconds) => Some(Self { seconds, written }),
            Err(mistake) => {
                errors.at(written, mistake);
                None
            }
        }
    }
}

fn seconds(value: &str) -> Result<u64, String> {
    let example = WANTED.example;
    let value = value.trim();
    if value.is_empty() {
        return Err(format!("the max_age is empty: write `{example}`"));
    }
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(with_unit(value));
    }
    let duration = humantime::parse_duration(value)
        .map_err(|_| format!("`{value}` is no duration: write `{example}`"))?;
    match duration.as_secs() {
        _ if duration.subsec_nanos() > 0 => {
            Err(format!("a max_age is whole seconds: write `{example}`"))
        }
        0 => Err(format!(
            "no caller authenticated this moment: write a longer max_age, as in `{example}`"
        )),
        A_YEAR.. if duration.as_secs() > A_YEAR => {
            Err("a max_age is 365 days at most: write a shorter one, or remove it".to_owned())
        }
        seconds => Ok(seconds),
    }
}

/// What to write for a number, which may have a unit already.
fn with_unit(number: &str) -> String {
    let unit = if number.ends_with(|last: char| last.is_ascii_digit()) { "s" } else { "" };
    format!("a max_age is a string with a unit: write `max_age = \"{number}{unit}\"`")
}
