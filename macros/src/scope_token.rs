//! What a scope may be made of.

use syn::LitStr;

/// Why a string is not one scope-token (RFC 6749 section 3.3), with what to do.
pub(crate) fn mistake(scope: &LitStr) -> Option<String> {
    let value = scope.value();
    if value.is_empty() {
        return Some("the scope is empty: write `scope = \"items:read\"`, or `#[protected]` for any valid token".to_owned());
    }
    let odd = value.chars().find(|character| !is_allowed(*character))?;
    let several: Vec<_> = value.split(' ').filter(|part| !part.is_empty()).collect();
    Some(match (odd, several.as_slice()) {
        (' ', [first, second, ..]) => {
            let both = format!("scope = {first:?}, scope = {second:?}");
            format!("one scope has no space: write `all({both})` or `any({both})`")
        }
        (' ', _) => "one scope has no space: remove it".to_owned(),
        _ => format!(
            "a scope has no `{}`: write visible ASCII other than `\"` and `\\`, as in `scope = \"items:read\"`",
            readable(odd)
        ),
    })
}

fn readable(character: char) -> String {
    if character.is_control() || character.is_whitespace() {
        character.escape_default().to_string()
    } else {
        character.to_string()
    }
}

/// `%x21 / %x23-5B / %x5D-7E` (RFC 6749 section 3.3)
fn is_allowed(character: char) -> bool {
    matches!(character, '\x21' | '\x23'..='\x5B' | '\x5D'..='\x7E')
}
