//! The path of a row in a snapshot: the form of the path without parameter names, and sample
//! requests that the path matches.

/// A sample segment that only parameters match, because no literal path contains this segment.
const VALUE: &str = "?";

/// The largest number of segments that replace a wildcard in a sample request.
const DEPTH: usize = 8;

enum Piece<'a> {
    Text(&'a str),
    Parameter,
    Rest,
}

/// Replaces the names of the parameters in a path by one fixed name, so that two paths that match
/// the same requests become equal.
pub(super) fn without_names(path: &str) -> String {
    render(path, |piece| match piece {
        Piece::Text(text) => (*text).to_owned(),
        Piece::Parameter => "{p}".to_owned(),
        Piece::Rest => "{*p}".to_owned(),
    })
}

/// Returns the prefix before a final `/*`, which marks the row of a service or fallback. Returns
/// `None` if the path does not end in `/*`.
pub(super) fn wildcard_prefix(path: &str) -> Option<&str> {
    path.strip_suffix("/*")
}

/// Returns the name of a row for unknown routes. It contains the reason, because a path may have
/// several such rows.
pub(super) fn unknown_route(path: &str, reason: &str) -> String {
    format!("? {path} ({reason})")
}

/// Returns the prefix of the paths in the name of a row for unknown routes.
pub(super) fn unknown_prefix(route: &str) -> Option<&str> {
    Some(route.strip_prefix("? ")?.split_once("/* (")?.0)
}

/// Returns sample request paths that match this path of a row. A router may route some of the
/// samples to a more specific row.
pub(super) fn requests(path: &str) -> Vec<String> {
    let depths = || (1..=DEPTH).map(|depth| vec![VALUE; depth].join("/"));
    let Some(prefix) = wildcard_prefix(path) else {
        return depths().map(|rest| fill(path, &rest)).collect();
    };
    let prefix = fill(prefix, VALUE);
    let deeper = depths().map(|rest| format!("{prefix}/{rest}"));
    let ends = [prefix.clone(), format!("{prefix}/")];
    deeper.chain(ends).filter(|path| !path.is_empty()).collect()
}

fn fill(path: &str, rest: &str) -> String {
    render(path, |piece| match piece {
        Piece::Text(text) => text.replace("{{", "{").replace("}}", "}"),
        Piece::Parameter => VALUE.to_owned(),
        Piece::Rest => rest.to_owned(),
    })
}

fn render(path: &str, write: impl Fn(&Piece<'_>) -> String) -> String {
    pieces(path).iter().map(write).collect()
}

fn pieces(mut path: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some((text, after)) = path.split_once('{') {
        pieces.push(Piece::Text(text));
        if let Some(after) = after.strip_prefix('{') {
            // `{{` in a path stands for a literal brace.
            pieces.push(Piece::Text("{{"));
            path = after;
            continue;
        }
        let (name, rest) = after.split_once('}').unwrap_or((after, ""));
        let is_rest = name.starts_with('*');
        pieces.push(if is_rest { Piece::Rest } else { Piece::Parameter });
        path = rest;
    }
    pieces.push(Piece::Text(path));
    pieces
}
