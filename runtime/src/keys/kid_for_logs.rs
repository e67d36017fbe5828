//! Escapes and shortens a `kid` for logs, because an issuer or an attacker chooses the value of a
//! `kid`.

/// Largest number of characters in an escaped `kid`.
const LIMIT: usize = 64;

/// Escapes a `kid`, then cuts it to [`LIMIT`] characters. The result contains no control
/// characters.
pub(super) fn escape(kid: &str) -> String {
    kid.chars().flat_map(char::escape_debug).take(LIMIT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_quotes_are_escaped_and_long_names_are_cut() {
        let cases = [
            ("2024-01", "2024-01"),
            ("", ""),
            ("a\"b\\", "a\\\"b\\\\"),
            ("a\r\nb\u{1b}[31m", "a\\r\\nb\\u{1b}[31m"),
            ("\u{202e}x", "\\u{202e}x"),
        ];
        for (kid, expected) in cases {
            assert_eq!(escape(kid), expected);
        }
        assert_eq!(escape(&"\u{7}".repeat(1000)).len(), LIMIT);
    }
}
