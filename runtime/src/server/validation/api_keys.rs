//! Checks the settings of API keys, beside those of tokens.

use crate::api_key::ValidApiKeys;
use crate::credential::TokenLocation;
use crate::server::ResourceServerBuilder;

impl ResourceServerBuilder {
    /// Checks the settings of API keys. Keys and tokens must have different places, because a
    /// credential could otherwise be both.
    pub(in crate::server) fn valid_api_keys(
        &mut self,
        tokens: &TokenLocation,
        problems: &mut Vec<String>,
    ) -> Option<ValidApiKeys> {
        let keys = self.api_keys.take()?.validate(problems);
        if keys.place.is_place_of(tokens) {
            let place = &keys.place;
            problems.push(format!(
                "API keys and tokens have the same place, `{place}`: choose another one for API \
                 keys with `header` or `scheme` of `api_keys`"
            ));
        }
        Some(keys)
    }
}
