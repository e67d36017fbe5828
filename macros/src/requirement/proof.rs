//! `proof = dpop` and `proof = mtls`: the proof of possession that the request must present.

use proc_macro2::{Ident, Span, TokenTree};

use crate::errors::Errors;
use crate::list::{Entry, Form, is_punct, tokens};
use crate::suggest;

const EXAMPLE: &str = "proof = dpop";

/// The words for the kinds of proofs, and the variants of the runtime's `Proof`.
const KINDS: [(&str, &str); 2] = [("dpop", "Dpop"), ("mtls", "Mtls")];

/// A proof of possession.
#[derive(Clone, Copy)]
pub(crate) struct Proof {
    /// The word for the kind of the proof, as users write it.
    pub(super) word: &'static str,
    variant: &'static str,
}

impl Proof {
    /// Reads the word in the value of an entry.
    pub(super) fn parse(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        match &entry.form {
            Form::Value(value) => return Self::of_value(entry, value, errors),
            Form::Bare => {
                errors.at(&entry.key, format!("`proof` needs a value: write `{EXAMPLE}`"));
            }
            Form::List(list) => match list.stream().into_iter().collect::<Vec<_>>().as_slice() {
                [TokenTree::Ident(word)] => errors.at(
                    entry,
                    format!("`proof` takes its value after `=`: write `proof = {word}`"),
                ),
                _ => errors.at(entry, several()),
            },
            Form::Other(_) => {
                errors.at(entry, format!("`=` is missing after `proof`: write `{EXAMPLE}`"));
            }
        }
        None
    }

    fn of_value(entry: &Entry, value: &[TokenTree], errors: &mut Errors) -> Option<Self> {
        match value {
            [] => errors.at(&entry.key, format!("`proof` needs a value: write `{EXAMPLE}`")),
            [TokenTree::Ident(word)] => return Self::of_word(word, errors),
            [TokenTree::Literal(literal)] if literal.to_string().starts_with('"') => {
                let text = literal.to_string();
                let is_meant = |word: &str| text.trim_matches('"').eq_ignore_ascii_case(word);
                let fix = match KINDS.iter().find(|(word, _)| is_meant(word)) {
                    Some((word, _)) => format!("proof = {word}"),
                    None => EXAMPLE.to_owned(),
                };
                errors
                    .at(literal, format!("the value must be a word without quotes: write `{fix}`"));
            }
            [TokenTree::Group(_), ..] | [TokenTree::Ident(_), TokenTree::Group(_), ..] => {
                errors.at(tokens(value), several());
            }
            _ if value.iter().any(|token| "|&+".chars().any(|sign| is_punct(token, sign))) => {
                errors.at(tokens(value), several());
            }
            _ => errors.at(
                tokens(value),
                format!("the value must be one of the words `dpop` and `mtls`: write `{EXAMPLE}`"),
            ),
        }
        None
    }

    fn of_word(word: &Ident, errors: &mut Errors) -> Option<Self> {
        let Some((word, variant)) = KINDS.iter().find(|(known, _)| word == known) else {
            suggest::unknown_as("proof", word, &KINDS.map(|(word, _)| word), errors);
            return None;
        };
        Some(Self { word, variant })
    }

    /// Returns the identifier of the variant in the runtime's `Proof`.
    pub(super) fn variant(self) -> Ident {
        Ident::new(self.variant, Span::call_site())
    }
}

/// Returns the error message for a value that names several proofs.
fn several() -> String {
    "`proof` takes one proof: write `all(proof = dpop, proof = mtls)` or `any(proof = dpop, proof = mtls)`"
        .to_owned()
}
