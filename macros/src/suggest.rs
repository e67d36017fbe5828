//! What to say about a key that does not exist.

use proc_macro2::Ident;

use crate::errors::Errors;

/// Reports a key that is none of the known ones.
pub(crate) fn unknown(key: &Ident, known: &[&str], errors: &mut Errors) {
    match close_to(&key.to_string(), known) {
        Some(meant) => errors.at(key, format!("unknown key `{key}`: did you mean `{meant}`?")),
        None => errors.at(
            key,
            format!("unknown key `{key}`: write one of {}", listed(known)),
        ),
    }
}

fn close_to<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let key = key.trim_start_matches("r#").to_lowercase();
    // A third of the letters: `scopes` is a slip, `role` is another word.
    let allowed = (key.len() / 3).max(1);
    known
        .iter()
        .map(|known| (strsim::osa_distance(&key, known), *known))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, known)| known)
}

fn listed(known: &[&str]) -> String {
    known
        .iter()
        .map(|key| format!("`{key}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
