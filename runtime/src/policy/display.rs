//! The text form of requirements.

/// The text of a requirement or of a member of a requirement.
pub(crate) struct Phrase {
    pub(crate) text: String,
    /// True if the phrase needs parentheses inside another phrase.
    is_group: bool,
}

impl Phrase {
    pub(crate) fn one(text: String) -> Self {
        Self { text, is_group: false }
    }

    fn in_parentheses(self) -> String {
        if self.is_group { format!("({})", self.text) } else { self.text }
    }
}

/// Joins phrases with a word, as in `a and (b or c)`. Returns the text `none` as a phrase for an
/// empty list.
pub(crate) fn join(members: Vec<Phrase>, word: &str, none: &str) -> Phrase {
    match <[Phrase; 1]>::try_from(members) {
        Ok([only]) => only,
        Err(members) if members.is_empty() => Phrase::one(none.to_owned()),
        Err(members) => {
            let members: Vec<_> = members.into_iter().map(Phrase::in_parentheses).collect();
            Phrase { text: members.join(word), is_group: true }
        }
    }
}

/// Puts a text in quotes unless it is one plain word. Without quotes, readers could mistake a text
/// such as `a or b` for several demands.
pub(crate) fn word(text: &str) -> String {
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}

/// Returns the name of a check. A name with constants, such as `can(Permission::ItemsRead)`, needs no
/// quotes, because the parentheses show where it ends.
pub(crate) fn check_name(name: &str) -> String {
    if name.ends_with(')') { name.to_owned() } else { word(name) }
}

fn is_plain(character: char) -> bool {
    character.is_ascii_graphic() && !matches!(character, '"' | '\'' | '(' | ')')
}

/// Escapes the control characters and line separators of a text, so that the text stays on one
/// line.
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
