//! Amounts of money, as whole numbers of the smallest unit of their currency. An amount is never a
//! floating-point number, which cannot represent a cent exactly.

use serde::{Deserialize, Serialize};

/// A currency in which the bank has accounts (ISO 4217).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Currency {
    Eur,
    Gbp,
    Jpy,
}

impl Currency {
    /// Returns the number of digits after the decimal point.
    fn decimals(self) -> usize {
        match self {
            Self::Eur | Self::Gbp => 2,
            Self::Jpy => 0,
        }
    }
}

/// An amount in a currency. In JSON it is `{"currency": "EUR", "amount": "123.50"}`, as in RFC 9396
/// section 2. An amount that is read from JSON is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub(super) struct Money {
    currency: Currency,
    /// The amount in the smallest unit, such as cents.
    units: u64,
}

impl Money {
    pub(super) fn new(currency: Currency, units: u64) -> Self {
        Self { currency, units }
    }

    pub(super) fn is_in_currency_of(self, other: Self) -> bool {
        self.currency == other.currency
    }

    /// Returns the sum, or `None` if the currencies differ or the sum is too large.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let units = self.units.checked_add(other.units)?;
        self.is_in_currency_of(other).then_some(Self { units, ..self })
    }

    /// Returns the difference, or `None` if the currencies differ or the difference is negative.
    pub(super) fn minus(self, other: Self) -> Option<Self> {
        let units = self.units.checked_sub(other.units)?;
        self.is_in_currency_of(other).then_some(Self { units, ..self })
    }
}

/// The form of an amount in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    currency: Currency,
    amount: String,
}

impl TryFrom<Text> for Money {
    type Error = &'static str;

    fn try_from(text: Text) -> Result<Self, Self::Error> {
        let units = units(&text.amount, text.currency.decimals());
        let units = units.ok_or("the amount is not a positive decimal number of its currency")?;
        Ok(Self { currency: text.currency, units })
    }
}

impl From<Money> for Text {
    fn from(money: Money) -> Self {
        let decimals = money.currency.decimals();
        let digits = format!("{:0>width$}", money.units, width = decimals.saturating_add(1));
        let amount = match digits.split_at_checked(digits.len().saturating_sub(decimals)) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
            _ => digits,
        };
        Self { currency: money.currency, amount }
    }
}

/// The largest number of digits of an amount. So many digits fit into a `u64`.
const MAX_DIGITS: usize = 14;

/// Reads a positive decimal number such as `123.50`, with at most this number of decimals, in the
/// smallest unit of its currency.
fn units(text: &str, decimals: usize) -> Option<u64> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (text, ""),
    };
    let has_superfluous_zero = whole.len() > 1 && whole.starts_with('0');
    let is_number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || has_superfluous_zero || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    if fraction.len() > decimals || text.len() > MAX_DIGITS {
        return None;
    }
    let units = format!("{whole}{fraction:0<decimals$}").parse().ok()?;
    (units > 0).then_some(units)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_amount_is_read_exactly_and_written_with_all_decimals() {
        let cases = [
            ("EUR", "123.50", 12_350, "123.50"),
            ("EUR", "123.5", 12_350, "123.50"),
            ("EUR", "7", 700, "7.00"),
            ("GBP", "0.01", 1, "0.01"),
            ("EUR", "0.29", 29, "0.29"),
            ("JPY", "5000", 5000, "5000"),
            ("EUR", "99999999999.99", 9_999_999_999_999, "99999999999.99"),
        ];
        for (currency, amount, units, written) in cases {
            let json = json!({ "currency": currency, "amount": amount });
            let money: Money = serde_json::from_value(json).unwrap();
            assert_eq!(money.units, units, "{amount}");
            let expected = json!({ "currency": currency, "amount": written });
            assert_eq!(serde_json::to_value(money).unwrap(), expected);
        }
    }

    #[test]
    fn other_texts_are_not_amounts() {
        let texts = [
            "",
            ".",
            ".5",
            "5.",
            "0",
            "0.00",
            "-1.50",
            "+1",
            "1,50",
            "1.234",
            "01",
            "00.1",
            "1e3",
            " 1",
            "1 ",
            "1.5.0",
            "0x10",
            "٣",
            "1_000",
            "NaN",
            "999999999999.99",
            "99999999999999999999",
        ];
        for text in texts {
            assert_eq!(units(text, 2), None, "{text}");
        }
        assert_eq!(units("1.0", 0), None);
        for json in [
            json!({ "currency": "EUR", "amount": 123.5 }),
            json!({ "currency": "EUR", "amount": 123 }),
            json!({ "currency": "eur", "amount": "1" }),
            json!({ "currency": "XXX", "amount": "1" }),
            json!({ "amount": "1" }),
            json!({ "currency": "EUR", "amount": "1", "exponent": 3 }),
        ] {
            assert!(serde_json::from_value::<Money>(json.clone()).is_err(), "{json}");
        }
    }

    #[test]
    fn a_balance_is_never_negative_and_has_one_currency() {
        let [one, two] = [1, 2].map(|units| Money::new(Currency::Eur, units));
        assert_eq!(one.plus(one), Some(two));
        assert_eq!(two.minus(one), Some(one));
        assert_eq!(one.minus(two), None);
        assert_eq!(Money::new(Currency::Eur, u64::MAX).plus(one), None);
        assert_eq!(two.minus(Money::new(Currency::Gbp, 1)), None);
        assert_eq!(two.plus(Money::new(Currency::Jpy, 1)), None);
    }
}
