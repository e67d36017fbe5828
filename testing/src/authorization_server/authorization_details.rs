//! Reads the authorization details of a request (RFC 9396).

use serde_json::Value;

use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;
use super::registered_clients::repeated;

/// The members that are arrays of strings in each type (section 2.2).
const LISTS: [&str; 4] = ["locations", "actions", "datatypes", "privileges"];

/// Returns a message for each type that cannot be supported.
pub(super) fn problems(types: &[String]) -> Vec<String> {
    let is_empty = types.iter().any(String::is_empty);
    let empty = is_empty.then(|| "a type of authorization details is empty".to_owned());
    let twice = repeated(types)
        .map(|kind| format!("the type of authorization details {kind:?} appears twice"));
    empty.into_iter().chain(twice).collect()
}

/// Returns the objects in the parameter `authorization_details`, if the request has it. `types` are
/// those that the server supports (section 5).
pub(super) fn read(
    parameters: &Parameters,
    types: &[String],
) -> Result<Option<Vec<Value>>, OAuthError> {
    let Some(text) = parameters.get("authorization_details")? else {
        return Ok(None);
    };
    let details: Vec<Value> = serde_json::from_str(text)
        .map_err(|_| refused("`authorization_details` is not a JSON array"))?;
    match details.iter().find_map(|one| problem(one, types)) {
        Some(problem) => Err(refused(problem)),
        None => Ok(Some(details)),
    }
}

fn problem(one: &Value, types: &[String]) -> Option<&'static str> {
    let Some(kind) = one.get("type").and_then(Value::as_str) else {
        return Some("`authorization_details` has an element that is not an object with a `type`");
    };
    if !types.iter().any(|known| known == kind) {
        return Some("`authorization_details` has a `type` that is not supported");
    }
    let is_list_of_strings =
        |list: &Value| list.as_array().is_some_and(|list| list.iter().all(Value::is_string));
    if LISTS.iter().any(|name| one.get(name).is_some_and(|list| !is_list_of_strings(list))) {
        return Some("`authorization_details` has a list with an element that is not a string");
    }
    let is_identified = one.get("identifier").is_none_or(Value::is_string);
    (!is_identified).then_some("`authorization_details` has an `identifier` that is not a string")
}

/// Returns the named objects, or all granted ones if none is named. A token gets an object whole or
/// not at all.
pub(super) fn part(named: Option<&[Value]>, granted: &[Value]) -> Result<Vec<Value>, OAuthError> {
    let named = named.unwrap_or(granted);
    if named.iter().all(|one| granted.contains(one)) {
        return Ok(named.to_vec());
    }
    Err(refused("`authorization_details` has an object that was not granted"))
}

fn refused(problem: &str) -> OAuthError {
    ErrorCode::InvalidAuthorizationDetails.because(problem)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(details: &Value) -> Result<Option<Vec<Value>>, ErrorCode> {
        let pairs = vec![("authorization_details".to_owned(), details.to_string())];
        let types = ["payment_initiation", "account"].map(str::to_owned);
        read(&Parameters::new(pairs), &types).map_err(|error| error.code)
    }

    #[test]
    fn the_details_are_objects_of_a_supported_type() {
        let payment = json!({
            "type": "payment_initiation",
            "actions": ["initiate"],
            "locations": ["https://h"],
            "identifier": "7",
            "instructedAmount": { "currency": "EUR", "amount": "123.50" },
        });
        let account = json!({ "type": "account" });
        for good in [json!([payment]), json!([payment, account, account]), json!([])] {
            assert_eq!(outcome(&good), Ok(good.as_array().cloned()), "{good}");
        }
        let wrong = [
            json!({ "type": "account" }),
            json!("account"),
            json!(["account"]),
            json!([{}]),
            json!([{ "type": 1 }]),
            json!([{ "type": "Account" }]),
            json!([account, { "type": "unknown" }]),
            json!([{ "type": "account", "actions": "read" }]),
            json!([{ "type": "account", "datatypes": [1] }]),
            json!([{ "type": "account", "identifier": 7 }]),
        ];
        for wrong in wrong {
            assert_eq!(outcome(&wrong), Err(ErrorCode::InvalidAuthorizationDetails), "{wrong}");
        }
    }

    #[test]
    fn only_granted_objects_are_named() {
        let granted = [json!({ "type": "account", "actions": ["read"] }), json!({ "type": "b" })];
        assert_eq!(part(None, &granted), Ok(granted.to_vec()));
        assert_eq!(part(Some(&[]), &granted), Ok(Vec::new()));
        assert_eq!(part(Some(&granted[1..]), &granted), Ok(granted[1..].to_vec()));
        let more = json!({ "type": "account", "actions": ["read", "write"] });
        assert!(part(Some(&[more]), &granted).is_err());
    }
}
