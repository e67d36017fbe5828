//! The authorization details of a token as a type of the application.

use std::fmt;

use serde::de::DeserializeOwned;

use super::AccessToken;
use super::authorization_details::{LOCATIONS, TYPE};
use crate::json::{Item, Mismatch, Reader};

impl AccessToken {
    /// Returns the authorization details of this type that are for this API (RFC 9396), each
    /// deserialized as `T`. Returns an empty list if the token has none.
    ///
    /// A policy states the type and the actions that a token needs. The content of the type, such as
    /// an amount, is for a check or for the handler to compare:
    ///
    /// ```
    /// use axum::extract::Path;
    /// use axum_protected::{AccessToken, check, protected};
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct Payment {
    ///     actions: Vec<String>,
    ///     cents: u64,
    /// }
    ///
    /// #[check]
    /// async fn is_permitted(Path(cents): Path<u64>, token: AccessToken) -> bool {
    ///     token.details::<Payment>("payment_initiation").is_ok_and(|payments| {
    ///         payments
    ///             .iter()
    ///             .filter(|payment| payment.actions.iter().any(|action| action == "initiate"))
    ///             .any(|payment| payment.cents == cents)
    ///     })
    /// }
    ///
    /// #[protected(details(type = "payment_initiation", actions = "initiate"), check = is_permitted)]
    /// async fn pay(Path(cents): Path<u64>) {}
    /// ```
    ///
    /// The objects are those that a policy with `details(type = ...)` takes into account: an object
    /// with `locations` must name an audience, the resource or the public URL of this API.
    ///
    /// # Errors
    ///
    /// Returns an error if one of the objects cannot be deserialized. A member of an object that `T`
    /// does not have is such an error, because it may restrict what the user permitted. Only `type`
    /// and `locations` are known without a field of `T`. Serde does not report the members that a
    /// type with `#[serde(flatten)]` or `#[serde(tag = ...)]` ignores.
    pub fn details<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<T>, DetailsError> {
        self.own_details(kind)
            .map(|object| T::deserialize(Reader::exact(object, &[TYPE, LOCATIONS])))
            .map(|read| read.map_err(DetailsError::from))
            .collect()
    }

    /// Returns the same as [`details`](Self::details), but permits members that `T` does not have.
    /// Use this method only for a type whose further members restrict nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if one of the objects cannot be deserialized.
    pub fn details_with_unknown_members<T: DeserializeOwned>(
        &self,
        kind: &str,
    ) -> Result<Vec<T>, DetailsError> {
        self.own_details(kind)
            .map(|object| T::deserialize(Item::Object(object)).map_err(DetailsError::from))
            .collect()
    }
}

/// The error for authorization details that cannot be deserialized into a type. It contains nothing
/// of the token, so that it can be logged. In a check that returns `Result<_, Denied>`, `?` converts
/// the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DetailsError {
    /// The type requires this field, and an object does not have it.
    MissingField(&'static str),
    /// An object has a member that the type does not have.
    UnknownMember,
    /// A value has another form than the type.
    OtherForm,
}

impl From<Mismatch> for DetailsError {
    fn from(mismatch: Mismatch) -> Self {
        match mismatch {
            Mismatch { missing: Some(field), .. } => Self::MissingField(field),
            Mismatch { has_unknown: true, .. } => Self::UnknownMember,
            Mismatch { .. } => Self::OtherForm,
        }
    }
}

impl fmt::Display for DetailsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingField(field) => {
                write!(formatter, "the authorization details lack the field `{field}` of the type")
            }
            Self::UnknownMember => formatter
                .write_str("the authorization details have a member that the type does not have"),
            Self::OtherForm => {
                formatter.write_str("the authorization details do not have the form of the type")
            }
        }
    }
}

impl std::error::Error for DetailsError {}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;
    use crate::policy::evaluation::tests::token;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Payment {
        amount: Amount,
        #[serde(default)]
        actions: Vec<String>,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Amount {
        cents: u64,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Wrapped(Payment);

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        r#type: String,
        amount: Amount,
    }

    fn both<T: DeserializeOwned>(details: &Value) -> [Result<Vec<T>, DetailsError>; 2] {
        let token = token(&json!({"authorization_details": details}));
        [token.details("pay"), token.details_with_unknown_members("pay")]
    }

    fn payment(cents: u64) -> Payment {
        Payment { amount: Amount { cents }, actions: Vec::new() }
    }

    #[test]
    fn only_own_objects_of_the_type_are_returned() {
        let details = json!([
            {"type": "pay", "amount": {"cents": 1}},
            {"type": "other", "amount": {"cents": 2}},
            {"type": "pay", "amount": {"cents": 3}, "locations": ["https://elsewhere.example.com"]},
            {"type": "pay", "amount": {"cents": 4}, "locations": ["api"]},
            {"type": "other", "surprise": true},
            {"type": "pay", "surprise": true, "locations": ["https://elsewhere.example.com"]},
        ]);
        for found in both::<Payment>(&details) {
            assert_eq!(found, Ok(vec![payment(1), payment(4)]));
        }
        for none in [json!([]), json!(null), json!([{"type": "other"}])] {
            assert_eq!(both::<Payment>(&none), [Ok(Vec::new()), Ok(Vec::new())]);
        }
        let found = both::<Wrapped>(&json!([{"type": "pay", "amount": {"cents": 1}}]));
        assert_eq!(found[0], Ok(vec![Wrapped(payment(1))]));
    }

    #[test]
    fn an_unknown_member_is_an_error_at_each_depth_unless_it_is_permitted() {
        for object in [
            json!({"type": "pay", "amount": {"cents": 1}, "limit": 5}),
            json!({"type": "pay", "amount": {"cents": 1}, "limit": {"type": "x"}}),
            json!({"type": "pay", "amount": {"cents": 1}, "limit": null}),
            json!({"type": "pay", "amount": {"cents": 1, "currency": "EUR"}}),
            json!({"type": "pay", "amount": {"cents": 1, "type": "x"}}),
            json!({"type": "pay", "amount": {"cents": 1, "locations": []}}),
        ] {
            let [exact, permitting] = both::<Payment>(&json!([object]));
            assert_eq!(exact, Err(DetailsError::UnknownMember), "{object}");
            assert_eq!(permitting, Ok(vec![payment(1)]), "{object}");
        }
        let [_, strict] = both::<Strict>(&json!([{"type": "pay", "amount": {"cents": 1}, "x": 1}]));
        assert_eq!(strict, Err(DetailsError::UnknownMember));
    }

    #[test]
    fn one_object_of_another_form_is_an_error() {
        for (object, error) in [
            (json!({"type": "pay"}), DetailsError::MissingField("amount")),
            (json!({"type": "pay", "amount": {}}), DetailsError::MissingField("cents")),
            (json!({"type": "pay", "amount": 1}), DetailsError::OtherForm),
            (json!({"type": "pay", "amount": {"cents": "1"}}), DetailsError::OtherForm),
            (json!({"type": "pay", "amount": {"cents": -1}}), DetailsError::OtherForm),
        ] {
            let details = json!([{"type": "pay", "amount": {"cents": 1}}, object]);
            assert_eq!(both::<Payment>(&details), [Err(error), Err(error)], "{object}");
        }
        assert_eq!(both::<String>(&json!([{"type": "pay"}]))[0], Err(DetailsError::OtherForm));
    }

    #[test]
    fn an_error_contains_nothing_of_the_token() {
        let details = json!([{"type": "pay", "amount": {"cents": 1}, "secret": "secret"}]);
        let [exact, _] = both::<Payment>(&details);
        let error = exact.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
}
