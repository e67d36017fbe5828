//! Writes texts in the format `application/x-www-form-urlencoded`.

/// Appends the text in the encoding of forms. RFC 6749 appendix B demands this encoding, in which a
/// space is `+`.
pub(super) fn append(form: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b' ' => form.push('+'),
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                form.push(char::from(byte));
            }
            _ => {
                form.push('%');
                form.extend(hexadecimal(byte));
            }
        }
    }
}

pub(super) fn encoded(text: &str) -> String {
    let mut form = String::with_capacity(text.len());
    append(&mut form, text);
    form
}

fn hexadecimal(byte: u8) -> [char; 2] {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    [byte >> 4, byte & 15].map(|value| digit(value).to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_characters_except_a_few_are_escaped() {
        for (text, expected) in [
            ("", ""),
            ("aZ09*-._", "aZ09*-._"),
            ("api:1", "api%3A1"),
            ("s e/c+ret", "s+e%2Fc%2Bret"),
            ("~!'()", "%7E%21%27%28%29"),
            ("ä€", "%C3%A4%E2%82%AC"),
            ("a&b=c%\r\n\0", "a%26b%3Dc%25%0D%0A%00"),
        ] {
            assert_eq!(encoded(text), expected);
        }
    }
}
