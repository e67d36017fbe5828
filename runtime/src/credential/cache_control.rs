//! Makes a response private: no shared cache may store it (RFC 9111 section 5.2.2).

use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderValue};

use crate::http_grammar::is_tchar;

/// A directive of `Cache-Control`, with its argument.
#[derive(Clone, Copy)]
struct Directive<'a> {
    text: &'a [u8],
    name: &'a [u8],
}

impl Directive<'_> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Returns true for a directive that keeps the whole response out of shared caches. `private`
    /// with an argument keeps only some of its headers out (RFC 9111 section 5.2.2.7), and
    /// `no-store` has no argument (section 5.2.2.5).
    fn is_private(&self) -> bool {
        self.text.len() == self.name.len() && (self.is("no-store") || self.is("private"))
    }

    /// Returns true for a directive that permits a shared cache to store something.
    fn is_shared(&self) -> bool {
        self.is("public") || self.is("s-maxage") || (self.is("private") && !self.is_private())
    }
}

/// Changes `Cache-Control` so that no shared cache stores the response:
///
/// | `Cache-Control` | becomes |
/// |---|---|
/// | absent, empty or malformed | `no-store` |
/// | with `no-store` or `private`, without the directives below | unchanged |
/// | others | `private`, or the `no-store` or `private` that is there, and the other directives, without `public`, `s-maxage` and `private` with an argument |
pub(super) fn make_private(headers: &mut HeaderMap) {
    if let Some(value) = private_value(headers) {
        headers.insert(CACHE_CONTROL, value);
    }
}

/// Returns the new value of `Cache-Control`, or `None` if the response is private already.
fn private_value(headers: &HeaderMap) -> Option<HeaderValue> {
    let no_store = HeaderValue::from_static("no-store");
    let mut all = Vec::new();
    for line in headers.get_all(CACHE_CONTROL) {
        match directives(line.as_bytes()) {
            Some(directives) => all.extend(directives),
            None => return Some(no_store),
        }
    }
    if all.is_empty() {
        return Some(no_store);
    }
    let kept: Vec<_> = all.iter().filter(|directive| !directive.is_shared()).collect();
    let is_private = kept.iter().any(|directive| directive.is_private());
    if is_private && kept.len() == all.len() {
        return None;
    }
    let first = (!is_private).then_some(b"private".as_slice());
    let texts: Vec<_> = first.into_iter().chain(kept.iter().map(|kept| kept.text)).collect();
    Some(HeaderValue::from_bytes(&texts.join(b", ".as_slice())).unwrap_or(no_store))
}

/// Splits a line into its directives (RFC 9110 section 5.6.1). Returns `None` if it is malformed.
fn directives(line: &[u8]) -> Option<Vec<Directive<'_>>> {
    let mut directives = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (element, after) = rest.split_at_checked(element_length(rest)?)?;
        let text = element.trim_ascii();
        if !text.is_empty() {
            directives.push(directive(text)?);
        }
        rest = after.strip_prefix(b",").unwrap_or(after);
    }
    Some(directives)
}

/// Returns the length of the first element of a list: the bytes before the first comma that is not
/// in a quoted-string. Returns `None` if a quoted-string does not end.
fn element_length(list: &[u8]) -> Option<usize> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (index, byte) in list.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => return Some(index),
            _ => {}
        }
    }
    (!is_quoted).then_some(list.len())
}

/// Reads a directive: a token, or a token, `=` and a token or a quoted-string.
fn directive(text: &[u8]) -> Option<Directive<'_>> {
    let length = text.iter().take_while(|byte| is_tchar(**byte)).count();
    let (name, argument) = text.split_at_checked(length)?;
    let is_argument = match argument.strip_prefix(b"=") {
        None => argument.is_empty(),
        Some([b'"', quoted @ .., b'"']) => is_quoted_text(quoted),
        Some(value) => !value.is_empty() && value.iter().copied().all(is_tchar),
    };
    (!name.is_empty() && is_argument).then_some(Directive { text, name })
}

/// Returns true if each quotation mark and each backslash in the text is escaped.
fn is_quoted_text(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        let is_valid = match byte {
            b'"' => false,
            b'\\' => bytes.next().is_some(),
            _ => true,
        };
        if !is_valid {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests;
