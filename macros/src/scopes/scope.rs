//! `#[scope("items:write", implies = [ItemsRead])]`: one scope of an enum.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Token, Variant};

use crate::errors::Errors;
use crate::list::{Entry, Form, entries, flatten, tokens};
use crate::requirement::scope_mistake;
use crate::suggest;

const IMPLIES: &str = "implies = [ItemsRead]";

/// The scope that one variant of the enum declares.
pub(super) struct Scope {
    pub(super) variant: Ident,
    pub(super) name: Option<LitStr>,
    pub(super) implies: Vec<Ident>,
    pub(super) description: String,
}

impl Scope {
    /// Reads the scope of a variant from the attributes of the variant.
    pub(super) fn parse(variant: &Variant, errors: &mut Errors) -> Self {
        let mut scope = Self {
            variant: variant.ident.clone(),
            name: None,
            implies: Vec::new(),
            description: description(&variant.attrs, errors),
        };
        let mut attributes =
            variant.attrs.iter().filter(|attribute| attribute.path().is_ident("scope"));
        let ident = &variant.ident;
        match attributes.next() {
            Some(attribute) => scope.read(attribute, errors),
            None => errors.at(
                ident,
                format!(
                    "variant `{ident}` has no scope: write `#[scope(\"items:read\")]` above it"
                ),
            ),
        }
        for duplicate in attributes {
            errors.at(
                duplicate,
                format!("variant `{ident}` has two scopes: write a variant for each"),
            );
        }
        scope
    }

    fn read(&mut self, attribute: &Attribute, errors: &mut Errors) {
        let Meta::List(list) = &attribute.meta else {
            errors.at(
                attribute,
                "the scope must be in parentheses: write `#[scope(\"items:read\")]`",
            );
            return;
        };
        let list = flatten(list.tokens.clone());
        let rest = match list.as_slice() {
            [name @ TokenTree::Literal(_), rest @ ..] => {
                self.name = scope_name(name, errors);
                rest
            }
            rest => {
                errors.at(
                    attribute,
                    "the name of the scope is missing: write it first, as in `#[scope(\"items:read\")]`",
                );
                rest
            }
        };
        let rest = match rest {
            [TokenTree::Punct(comma), rest @ ..] if comma.as_char() == ',' => rest,
            [next, ..] if self.name.is_some() => {
                errors.at(next, format!("missing comma: write one before `{next}`"));
                rest
            }
            rest => rest,
        };
        if let [another @ TokenTree::Literal(_), ..] = rest {
            errors.at(another, "a variant declares one scope: write a variant for each");
            return;
        }
        self.read_rest(rest, errors);
    }

    fn read_rest(&mut self, rest: &[TokenTree], errors: &mut Errors) {
        let entries = entries(tokens(rest), IMPLIES, errors);
        for (index, entry) in entries.iter().enumerate() {
            if entry.key != "implies" {
                suggest::unknown(&entry.key, &["implies"], errors);
            } else if entries.iter().take(index).any(|before| before.key == "implies") {
                errors
                    .at(entry, "duplicate key `implies`: write one list, as in `implies = [A, B]`");
            } else {
                self.implies = implies(entry, errors);
            }
        }
    }
}

fn scope_name(name: &TokenTree, errors: &mut Errors) -> Option<LitStr> {
    let Ok(name) = syn::parse2::<LitStr>(TokenStream::from(name.clone())) else {
        errors.at(name, "the name of a scope must be a string: write `#[scope(\"items:read\")]`");
        return None;
    };
    match scope_mistake(&name.value()) {
        Some(mistake) => {
            errors.at(name, mistake);
            None
        }
        None => Some(name),
    }
}

fn implies(entry: &Entry, errors: &mut Errors) -> Vec<Ident> {
    let list = match &entry.form {
        Form::Value(value) => match value.as_slice() {
            [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => list,
            _ => return not_variants(entry, errors),
        },
        Form::Bare | Form::List(_) | Form::Other(_) => return not_variants(entry, errors),
    };
    match Punctuated::<Ident, Token![,]>::parse_terminated.parse2(list.stream()) {
        Ok(variants) => variants.into_iter().collect(),
        Err(_) => not_variants(entry, errors),
    }
}

fn not_variants(entry: &Entry, errors: &mut Errors) -> Vec<Ident> {
    errors.at(
        entry,
        format!(
            "`implies` takes a list of variants of this enum, without paths: write `{IMPLIES}`"
        ),
    );
    Vec::new()
}

/// Reads the doc comment of a variant, and joins the lines of each paragraph.
fn description(attributes: &[Attribute], errors: &mut Errors) -> String {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let Meta::NameValue(doc) = &attribute.meta else {
            continue;
        };
        match &doc.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => lines.push(line.value()),
            _ => errors.at(
                attribute,
                "the description of a scope must be a literal: write it as `/// See items`",
            ),
        }
    }
    let text = lines.join("\n");
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let paragraphs: Vec<_> = lines
        .split(|line| line.is_empty())
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| paragraph.join(" "))
        .collect();
    paragraphs.join("\n\n")
}
