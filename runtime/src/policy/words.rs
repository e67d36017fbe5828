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
