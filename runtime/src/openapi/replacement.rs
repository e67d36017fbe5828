//! Replaces the placeholders in the `security` of operations by the security schemes of a server.

use serde_json::Value;

use super::placeholder::{Placeholder, Used};
use super::security::OpenApiSecurity;

/// Replaces each alternative that contains a placeholder by one alternative for each scheme that
/// the placeholder stands for. `takes_keys` is false for an operation that no API key satisfies.
pub(super) fn rename_schemes(
    security: Vec<Value>,
    schemes: &OpenApiSecurity,
    takes_keys: bool,
    used: &mut Used,
) -> Vec<Value> {
    let mut written = Vec::new();
    for alternative in security {
        let replaced = match Placeholder::of(&alternative) {
            Some(placeholder) => {
                placeholder.note(used);
                alternatives(&placeholder, schemes, takes_keys)
            }
            None => vec![alternative],
        };
        for object in replaced {
            // The tokens of several issuers have one scheme if they come with proofs.
            if !written.contains(&object) {
                written.push(object);
            }
        }
    }
    written
}

/// Returns one alternative for each scheme that the placeholder stands for.
fn alternatives(
    placeholder: &Placeholder<'_>,
    schemes: &OpenApiSecurity,
    takes_keys: bool,
) -> Vec<Value> {
    let of_tokens = schemes.token_names(placeholder).into_iter();
    let of_keys = schemes.key_name(placeholder).filter(|_| takes_keys);
    of_tokens
        .map(|name| {
            let certificate = schemes.certificate_name(placeholder, &name);
            placeholder.replace(name, certificate)
        })
        .chain(of_keys.map(|name| placeholder.replace(name, None)))
        .collect()
}
