//! The identifier of a payment.

use serde::{Deserialize, Serialize};

/// The identifier of a payment, which the client chooses, for example a UUID.
///
/// It makes a payment happen once. The client asks the user to consent to the payment with this
/// identifier, and makes the payment by a `PUT` to the URL with this identifier. A client that does
/// not get the response sends the same request again. The proof of possession covers the identifier,
/// because it is a part of the URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct PaymentId(String);

impl TryFrom<String> for PaymentId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if (1..=36).contains(&text.len()) && text.bytes().all(is_plain) {
            Ok(Self(text))
        } else {
            Err("the identifier of a payment is not 1 to 36 letters, digits and hyphens")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_short_and_plain() {
        let is_id = |text: &str| PaymentId::try_from(text.to_owned()).is_ok();
        assert!(is_id("1") && is_id("6d8f2c54-1b0e-4c54-9d2a-0f5a3c6e7b91"));
        assert!(
            !is_id("") && !is_id("a b") && !is_id("../1") && !is_id("é") && !is_id(&"1".repeat(37))
        );
    }
}
