//! Formats requirements as users write them, for error messages.

use std::fmt::{self, Display, Formatter};

use proc_macro2::Span;
use quote::ToTokens;
use syn::LitStr;

use super::claim::Value;
use super::{Claim, Code, Demand, Details, Leaf, Requirement};

impl Display for Requirement {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match &self.demand {
            Demand::All(members) => group("all", members, formatter),
            Demand::Any(members) => group("any", members, formatter),
            Demand::Leaf(leaf) => leaf.fmt(formatter),
        }
    }
}

fn group(key: &str, members: &[Requirement], formatter: &mut Formatter<'_>) -> fmt::Result {
    let members: Vec<_> = members.iter().map(ToString::to_string).collect();
    write!(formatter, "{key}({})", members.join(", "))
}

impl Display for Leaf {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(demand, string) => {
                write!(formatter, "{} = {}", demand.key, quoted(&string.value()))
            }
            Self::Declared(value) => {
                write!(formatter, "{} = {}", value.key, path_text(&value.path))
            }
            Self::MaxAge(age) => write!(formatter, "max_age = {}", quoted(&age.text.value())),
            Self::Claim(claim) => claim.fmt(formatter),
            Self::Proof(proof) => write!(formatter, "proof = {}", proof.word),
            Self::Details(details) => details.fmt(formatter),
            Self::Code(code) => code.fmt(formatter),
        }
    }
}

impl Display for Claim {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.keys.iter().map(|key| quoted(&key.value())).collect();
        match (&self.name, keys.as_slice()) {
            (Some(name), _) => write!(formatter, "claim({}", quoted(&name.value()))?,
            (None, keys) => write!(formatter, "claim([{}]", keys.join(", "))?,
        }
        match &self.value {
            Value::Text(text) => write!(formatter, " = {})", quoted(&text.value())),
            Value::Integer(number) => write!(formatter, " = {number})"),
            Value::Bool(truth) => write!(formatter, " = {truth})"),
        }
    }
}

impl Display for Details {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "details(type = {}", quoted(&self.kind.value()))?;
        for (member, values) in &self.members {
            let values: Vec<_> = values.iter().map(|value| quoted(&value.value())).collect();
            match values.as_slice() {
                [only] => write!(formatter, ", {} = {only}", member.key)?,
                all => write!(formatter, ", {} = all({})", member.key, all.join(", "))?,
            }
        }
        formatter.write_str(")")
    }
}

impl Display for Code {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Check(path) => write!(formatter, "check = {}", path_text(path)),
            Self::ConstantCheck(path, constants) => {
                write!(formatter, "check = {}({})", path_text(path), constants.text)
            }
            Self::Inline(_) => formatter.write_str("check = |...| ..."),
            Self::Policy(path) => write!(formatter, "policy = {}", path_text(path)),
        }
    }
}

/// Returns a text as a string literal, with quotes and backslashes escaped.
fn quoted(text: &str) -> String {
    LitStr::new(text, Span::call_site()).token().to_string()
}

fn path_text(path: impl ToTokens) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
