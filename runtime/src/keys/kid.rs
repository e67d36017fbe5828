//! Names of keys, which issuers and attackers choose, as others may be shown them.

/// The longest that is shown of a name, in characters.
const SHOWN: usize = 64;

/// Escaped, then cut: fit for one place in one line.
pub(super) fn shown(kid: &str) -> String {
    kid.chars().flat_map(char::escape_debug).take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_it_is_it_stays_in_its_place() {
        let cases = [
            ("2024-01", "2024-01"),
            ("", ""),
            ("a\"b\\", "a\\\"b\\\\"),
            ("a\r\nb\u{1b}[31m", "a\\r\\nb\\u{1b}[31m"),
            ("\u{202e}x", "\\u{202e}x"),
        ];
        for (kid, expected) in cases {
            assert_eq!(shown(kid), expected);
        }
        assert_eq!(shown(&"\u{7}".repeat(1000)).len(), SHOWN);
    }
}
