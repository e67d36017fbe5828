//! What to say about a name that does not exist.

use proc_macro2::Ident;

use crate::errors::Errors;

/// Reports a key that is none of the known ones.
pub(crate) fn unknown(key: &Ident, known: &[&str], errors: &mut Errors) {
    unknown_as("key", key, known, errors);
}

/// Reports a name of some kind that is none of the known ones.
pub(crate) fn unknown_as(kind: &str, name: &Ident, known: &[&str], errors: &mut Errors) {
    let fix = match (close_to(&name.to_string(), known), known) {
        (Some(meant), _) => format!("did you mean `{meant}`?"),
        (None, []) => "remove it".to_owned(),
        (None, known) => format!("write one of {}", listed(known)),
    };
    errors.at(name, format!("unknown {kind} `{name}`: {fix}"));
}

fn close_to<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let key = key.trim_start_matches("r#").to_lowercase();
    // A third of the letters: `scopes` is a slip, `role` is another word.
    let allowed = (key.len() / 3).max(1);
    known
        .iter()
        .map(|known| (strsim::osa_distance(&key, &known.to_lowercase()), *known))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, known)| known)
}

fn listed(known: &[&str]) -> String {
    known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
