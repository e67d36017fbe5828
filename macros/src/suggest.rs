//! Reports unknown names, and suggests a similar known name.

use proc_macro2::Ident;

use crate::errors::Errors;

/// Reports an unknown key.
pub(crate) fn unknown(key: &Ident, known: &[&str], errors: &mut Errors) {
    unknown_as("key", key, known, errors);
}

/// Reports an unknown name. `kind` is the noun for the name in the error message.
pub(crate) fn unknown_as(kind: &str, name: &Ident, known: &[&str], errors: &mut Errors) {
    let fix = match (closest(&name.to_string(), known), known) {
        (Some(closest), _) => format!("did you mean `{closest}`?"),
        (None, []) => "remove it".to_owned(),
        (None, known) => format!("write one of {}", join(known)),
    };
    errors.at(name, format!("unknown {kind} `{name}`: {fix}"));
}

fn closest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let key = key.trim_start_matches("r#").to_lowercase();
    // A third of the letters may differ: `scopes` is a typing error of `scope`, but `role` is
    // another word.
    let allowed = (key.len() / 3).max(1);
    known
        .iter()
        .map(|known| (strsim::osa_distance(&key, &known.to_lowercase()), *known))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, known)| known)
}

fn join(known: &[&str]) -> String {
    known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
