//! Trees of demands in words.

/// The words for a tree or a part of it.
pub(crate) struct Phrase {
    pub(crate) text: String,
    /// It needs parentheses in_parentheses another.
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

/// `a and (b or c)`, or what to say of none.
pub(crate) fn join(members: Vec<Phrase>, word: &str, none: &str) -> Phrase {
    match <[Phrase; 1]>::try_from(members) {
        Ok([only]) => only,
        Err(members) if members.is_empty() => Phrase::one(none.to_owned()),
        Err(members) => {
            let members = members.into_iter().map(Phrase::in_parentheses);
            Phrase { text: members.collect::<Vec<_>>().join(word), is_group: true }
        }
    }
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
