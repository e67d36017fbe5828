//! Reads the path of a type as the user writes it.

use quote::ToTokens as _;
use syn::{GenericArgument, Path, PathArguments, PathSegment, Type};

/// Returns the path of a type. Returns `None` for other types and for an associated type.
pub(crate) fn path(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Path(path) if path.qself.is_none() => Some(&path.path),
        // `macro_rules!` wraps a substituted type in a group without delimiters.
        Type::Group(group) => path(&group.elem),
        Type::Paren(parentheses) => path(&parentheses.elem),
        _ => None,
    }
}

/// Returns the last segment of a type's path.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        // `macro_rules!` wraps a substituted type in a group without delimiters.
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(parentheses) => last_segment(&parentheses.elem),
        _ => None,
    }
}

/// Returns the type argument of a segment that has no other argument.
pub(crate) fn only_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = &segment.arguments else {
        return None;
    };
    let mut arguments = list.args.iter();
    match (arguments.next(), arguments.next()) {
        (Some(GenericArgument::Type(only)), None) => Some(only),
        _ => None,
    }
}

/// Returns the first type argument of a segment.
pub(crate) fn first_type_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = &segment.arguments else {
        return None;
    };
    list.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Returns the text of a type for messages.
pub(crate) fn type_text(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}
