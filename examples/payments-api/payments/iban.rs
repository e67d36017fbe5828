//! Account numbers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An international bank account number (ISO 13616) in its electronic form, without spaces. Its check
/// digits are correct, so that a typing error is not a payment to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Iban(String);

/// A reference to an account, as in RFC 9396 section 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountReference {
    pub(super) iban: Iban,
}

impl Iban {
    /// Returns the number of an account at this bank, for a `number` of at most ten digits.
    pub(super) fn of_account(number: u64) -> Self {
        let account = format!("{BANK}{number:010}");
        let check_digits = 98_u32.saturating_sub(remainder(&format!("{account}{COUNTRY}00")));
        Self(format!("{COUNTRY}{check_digits:02}{account}"))
    }
}

/// The country of the bank, and the code of the bank there.
const COUNTRY: &str = "DE";
const BANK: &str = "10010010";

impl TryFrom<String> for Iban {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let is_iban = (15..=34).contains(&text.len())
            && text.bytes().all(is_plain)
            && text.split_at_checked(4).is_some_and(|(start, rest)| {
                start.starts_with(|letter: char| letter.is_ascii_uppercase())
                    && remainder(&format!("{rest}{start}")) == 1
            });
        if is_iban { Ok(Self(text)) } else { Err("the text is not an IBAN") }
    }
}

impl fmt::Display for Iban {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Returns the remainder of a division by 97 (ISO 7064). A letter stands for two digits: `A` for 10,
/// `Z` for 35.
fn remainder(text: &str) -> u32 {
    text.chars().filter_map(|letter| letter.to_digit(36)).fold(0, |remainder, value| {
        let shift = if value < 10 { 10 } else { 100 };
        (remainder * shift + value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_iban(text: &str) -> bool {
        Iban::try_from(text.to_owned()).is_ok()
    }

    #[test]
    fn the_check_digits_must_be_correct() {
        // The first is that of RFC 9396 section 2, the others are examples of ISO 13616.
        for text in ["DE02100100109307118603", "GB29NWBK60161331926819", "NO9386011117947"] {
            assert!(is_iban(text), "{text}");
        }
        for text in [
            "",
            "DE02100100109307118604",
            "DE02100100109307118630",
            "DE03100100109307118603",
            "de02100100109307118603",
            "DE02 1001 0010 9307 1186 03",
            "DE0210010010930711860é",
            "02DE100100109307118603",
            "DE02",
        ] {
            assert!(!is_iban(text), "{text}");
        }
    }

    #[test]
    fn the_accounts_of_the_bank_have_ibans() {
        let numbers: Vec<String> =
            [1, 2, 97, 9_999_999_999].map(|number| Iban::of_account(number).to_string()).into();
        assert!(numbers.iter().all(|number| is_iban(number)), "{numbers:?}");
    }
}
