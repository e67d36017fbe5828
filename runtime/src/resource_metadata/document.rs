//! The members of the metadata document (RFC 9728 section 2).

use std::collections::BTreeMap;

use reqwest::Url;
use serde_json::{Map, Value, json};

use crate::algorithm::Algorithm;
use crate::resource_identifier::ResourceIdentifier;

/// The longest language tag. RFC 5646 section 4.4.1 derives 35 characters from its grammar.
const LANGUAGE_TAG_LIMIT: usize = 35;

/// The proofs of possession that an API accepts and requires.
#[derive(Clone, Default)]
pub(super) struct Possession {
    /// The signature algorithms of DPoP proofs. Empty if the API does not accept them.
    pub(super) dpop_algorithms: Vec<Algorithm>,
    /// True if the API refuses tokens that are not bound to the key of DPoP proofs.
    pub(super) requires_dpop: bool,
    /// True if the API refuses tokens that are not bound to a client certificate.
    pub(super) requires_certificates: bool,
}

/// The members of a metadata document, and the problems of the settings that they come from.
#[derive(Clone)]
pub(super) struct Document {
    authorization_servers: Vec<String>,
    bearer_methods: &'static [&'static str],
    possession: Possession,
    scopes: Vec<&'static str>,
    details_types: Vec<String>,
    texts: BTreeMap<String, String>,
    problems: Vec<String>,
}

impl Document {
    /// Creates the document of an API. `accepts_bearer` is true if the API accepts tokens in
    /// `Authorization: Bearer`. The value `header` means this place only (RFC 6750 section 2.1);
    /// there are no values for another place.
    pub(super) fn new(
        authorization_servers: &[String],
        accepts_bearer: bool,
        possession: Possession,
    ) -> Self {
        Self {
            authorization_servers: authorization_servers.to_vec(),
            bearer_methods: if accepts_bearer { &["header"] } else { &[] },
            possession,
            scopes: Vec::new(),
            details_types: Vec::new(),
            texts: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    pub(super) fn add_scope(&mut self, scope: &'static str) {
        if !self.scopes.contains(&scope) {
            self.scopes.push(scope);
        }
    }

    pub(super) fn add_details_type(&mut self, kind: String) {
        if kind.trim().is_empty() {
            self.problems.push("a type of authorization details is empty".to_owned());
        } else if !self.details_types.contains(&kind) {
            self.details_types.push(kind);
        }
    }

    pub(super) fn set(&mut self, member: &str, text: impl Into<String>) {
        let text = text.into();
        if text.trim().is_empty() {
            self.problems.push(format!("the `{member}` is empty"));
        }
        self.texts.insert(member.to_owned(), text);
    }

    /// Sets a member in a language (RFC 9728 section 2.1).
    pub(super) fn set_in(&mut self, member: &str, language: &str, text: impl Into<String>) {
        if !is_language_tag(language) {
            let problem = format!("`{language}` is not a language tag such as `de` or `pt-BR`");
            self.problems.push(problem);
        }
        self.set(&format!("{member}#{language}"), text);
    }

    pub(super) fn set_page(&mut self, member: &str, url: impl Into<String>) {
        let url = url.into();
        if !is_page(&url) {
            self.problems.push(format!("the `{member}` `{url}` is not an https or http URL"));
        }
        self.texts.insert(member.to_owned(), url);
    }

    pub(super) fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Returns the document as JSON. Leaves out members without a value (RFC 9728 section 3.2).
    pub(super) fn to_json(&self, resource: &ResourceIdentifier) -> Value {
        let mut members = Map::new();
        members.insert("resource".to_owned(), resource.as_str().into());
        for (name, values) in [
            ("authorization_servers", json!(self.authorization_servers)),
            ("scopes_supported", json!(self.scopes)),
            ("bearer_methods_supported", json!(self.bearer_methods)),
            ("dpop_signing_alg_values_supported", json!(self.possession.dpop_algorithms)),
            ("authorization_details_types_supported", json!(self.details_types)),
        ] {
            if values.as_array().is_some_and(|values| !values.is_empty()) {
                members.insert(name.to_owned(), values);
            }
        }
        members.extend(self.possession.requirements());
        members.extend(self.texts.iter().map(|(name, text)| (name.clone(), text.clone().into())));
        Value::Object(members)
    }
}

impl Possession {
    /// Returns the members that state what the API requires of every token. A member without the
    /// value true is left out, because that is its default.
    fn requirements(&self) -> impl Iterator<Item = (String, Value)> {
        [
            ("dpop_bound_access_tokens_required", self.requires_dpop),
            ("tls_client_certificate_bound_access_tokens", self.requires_certificates),
        ]
        .into_iter()
        .filter(|(_, is_required)| *is_required)
        .map(|(name, _)| (name.to_owned(), true.into()))
    }
}

/// Returns true if the text has the form of a language tag (RFC 5646 section 2.1): subtags of
/// letters and digits, the first of letters.
fn is_language_tag(text: &str) -> bool {
    let mut subtags = text.split('-');
    let first = subtags.next().unwrap_or_default();
    text.len() <= LANGUAGE_TAG_LIMIT
        && is_subtag(first)
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(is_subtag)
}

fn is_subtag(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_page(text: &str) -> bool {
    let is_http = text.starts_with("https://") || text.starts_with("http://");
    is_http && text.bytes().all(|byte| byte.is_ascii_graphic()) && Url::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_without_a_value_are_left_out() {
        let resource = ResourceIdentifier::new("https://api.example.com/".to_owned());
        let empty = Document::new(&[], true, Possession::default()).to_json(&resource);
        assert_eq!(
            empty.to_string(),
            r#"{"bearer_methods_supported":["header"],"resource":"https://api.example.com/"}"#
        );
    }

    #[test]
    fn wrong_texts_are_problems() {
        for language in ["", "de_DE", "de-", "-de", "d\u{e9}", "1a", "abcdefghi", "de#x"] {
            let mut document = Document::new(&[], true, Possession::default());
            document.set_in("resource_name", language, "Items");
            assert_eq!(document.problems().len(), 1, "{language}");
        }
        for language in ["de", "pt-BR", "zh-Hant-TW", "sl-rozaj-biske-1994"] {
            let mut document = Document::new(&[], true, Possession::default());
            document.set_in("resource_name", language, "Items");
            assert_eq!(document.problems(), [""; 0], "{language}");
        }
        for page in ["", "docs", "/docs", "ftp://a.example", "https://", "https://a.example/ b"] {
            let mut document = Document::new(&[], true, Possession::default());
            document.set_page("resource_documentation", page);
            assert_eq!(document.problems().len(), 1, "{page}");
        }
        let mut document = Document::new(&[], true, Possession::default());
        document.set("resource_name", " ");
        assert_eq!(document.problems().len(), 1);
    }
}
