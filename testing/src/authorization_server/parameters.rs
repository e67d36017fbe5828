//! The parameters of a request to an endpoint.

use super::error::{ErrorCode, OAuthError};

/// The decoded names and values of the request's parameters.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Creates the parameters from pairs. A parameter without a value counts as omitted (RFC 6749
    /// section 3.1).
    pub(super) fn new(mut pairs: Vec<(String, String)>) -> Self {
        pairs.retain(|(_, value)| !value.is_empty());
        Self(pairs)
    }

    /// Returns the value of a parameter, or an error if the parameter appears twice (RFC 6749
    /// sections 3.1 and 3.2).
    pub(super) fn get(&self, name: &str) -> Result<Option<&str>, OAuthError> {
        let mut named = self.0.iter().filter(|(known, _)| known == name);
        let first = named.next().map(|(_, value)| value.as_str());
        match named.next() {
            None => Ok(first),
            Some(_) => Err(ErrorCode::InvalidRequest.because(format!("`{name}` appears twice"))),
        }
    }

    /// Returns all values of a parameter that may appear several times.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name)?
            .ok_or_else(|| ErrorCode::InvalidRequest.because(format!("`{name}` is missing")))
    }
}

#[cfg(test)]
impl Parameters {
    /// Reads the parameters of a query.
    pub(super) fn of(query: &str) -> Self {
        let url = url::Url::parse(&format!("http://127.0.0.1/?{query}")).unwrap();
        Self::new(url.query_pairs().into_owned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_parameter_appears_once_or_is_left_out() {
        let parameters = Parameters::of("a=1&b=&c=1&c=1&d=&d=2&e");
        assert_eq!(parameters.get("a"), Ok(Some("1")));
        assert_eq!(parameters.get("b"), Ok(None));
        assert_eq!(parameters.get("d"), Ok(Some("2")));
        assert_eq!(parameters.get("e"), Ok(None));
        let description = |result: Result<&str, OAuthError>| result.unwrap_err().description;
        assert_eq!(description(parameters.required("c")), "`c` appears twice");
        assert_eq!(description(parameters.required("f")), "`f` is missing");
    }
}
