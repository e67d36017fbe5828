//! Trees of demands in words.

use std::fmt::{Display, Formatter, Result};

/// `a and (b or c)`
pub(crate) fn all<T: Display>(
    formatter: &mut Formatter<'_>,
    members: &[T],
    is_group: fn(&T) -> bool,
) -> Result {
    join(formatter, members, is_group, " and ", "any valid token")
}

/// `a or (b and c)`
pub(crate) fn any<T: Display>(
    formatter: &mut Formatter<'_>,
    members: &[T],
    is_group: fn(&T) -> bool,
) -> Result {
    join(formatter, members, is_group, " or ", "nobody")
}

fn join<T: Display>(
    formatter: &mut Formatter<'_>,
    members: &[T],
    is_group: fn(&T) -> bool,
    word: &str,
    none: &str,
) -> Result {
    if members.is_empty() {
        return formatter.write_str(none);
    }
    for (index, member) in members.iter().enumerate() {
        formatter.write_str(if index > 0 { word } else { "" })?;
        if members.len() > 1 && is_group(member) {
            write!(formatter, "({member})")?;
        } else {
            write!(formatter, "{member}")?;
        }
    }
    Ok(())
}

/// One word as it is, and anything else in quotes, so that it does not read like more than one.
pub(crate) fn word(text: &str) -> String {
    let is_plain = |character: char| {
        character.is_ascii_graphic() && !matches!(character, '"' | '\'' | '(' | ')')
    };
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}

/// The text without what would begin another line of a page.
#[cfg(feature = "router")]
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for character in text.chars() {
        if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}
