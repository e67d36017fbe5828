//! Reads how strongly and how recently the user must authenticate (RFC 9470 section 5).

use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;
use super::registered_clients::repeated;

/// Returns a message for each class that cannot be supported. A space separates the values of a
/// request.
pub(super) fn problems(values: &[String]) -> Vec<String> {
    let unusable = values.iter().filter(|value| value.is_empty() || value.contains(' '));
    let unusable = unusable.map(|value| format!("the `acr` {value:?} is empty or has a space"));
    let twice = repeated(values).map(|value| format!("the `acr` {value:?} appears twice"));
    unusable.chain(twice).collect()
}

/// Returns the class that the sign-in gets: the first requested one that the server supports. A
/// server without a list supports each, because its users sign in without a proof anyway.
///
/// The parameter `max_age` has no other effect than its check: each sign-in is new.
pub(super) fn requested_acr(
    parameters: &Parameters,
    supported: &[String],
) -> Result<Option<String>, OAuthError> {
    if parameters.get("max_age")?.is_some_and(|age| age.parse::<u64>().is_err()) {
        return Err(ErrorCode::InvalidRequest.because("`max_age` is not a number of seconds"));
    }
    let Some(values) = parameters.get("acr_values")? else {
        return Ok(None);
    };
    let is_supported = |value: &&str| {
        !value.is_empty() && (supported.is_empty() || supported.iter().any(|one| one == value))
    };
    match values.split(' ').find(is_supported) {
        Some(value) => Ok(Some(value.to_owned())),
        None => Err(ErrorCode::UnmetAuthenticationRequirements
            .because("`acr_values` has no value that is supported")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_supported_class_is_granted() {
        let acr = |query: &str, supported: &[&str]| {
            let supported: Vec<String> = supported.iter().map(ToString::to_string).collect();
            requested_acr(&Parameters::of(query), &supported).map_err(|error| error.code)
        };
        let granted = |value: &str| Ok(Some(value.to_owned()));
        assert_eq!(acr("", &["mfa"]), Ok(None));
        assert_eq!(acr("max_age=0", &[]), Ok(None));
        assert_eq!(acr("acr_values=mfa+pwd", &[]), granted("mfa"));
        assert_eq!(acr("acr_values=hwk+pwd", &["pwd", "mfa"]), granted("pwd"));
        let unmet = Err(ErrorCode::UnmetAuthenticationRequirements);
        assert_eq!(acr("acr_values=hwk", &["pwd"]), unmet);
        assert_eq!(acr("acr_values=+", &[]), unmet);
        for wrong in ["-1", "1.5", "soon"] {
            let query = format!("max_age={wrong}");
            assert_eq!(acr(&query, &[]), Err(ErrorCode::InvalidRequest), "{wrong}");
        }
    }
}
