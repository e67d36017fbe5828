//! The path of a row: what is the same in two of them, and which requests it is for.

/// What no path has, so that it is for parameters only.
const VALUE: &str = "?";

/// So deep are the requests for what takes everything below a path; what is beside it and has as
/// many parameters takes the deeper ones in its place.
const DEPTH: usize = 8;

enum Piece<'a> {
    Text(&'a str),
    Parameter,
    Rest,
}

/// The path, whatever its parameters are called.
pub(super) fn without_names(path: &str) -> String {
    render(path, |piece| match piece {
        Piece::Text(text) => (*text).to_owned(),
        Piece::Parameter => "{p}".to_owned(),
        Piece::Rest => "{*p}".to_owned(),
    })
}

/// The path below which a row takes everything, if it does.
pub(super) fn wildcard_prefix(path: &str) -> Option<&str> {
    path.strip_suffix("/*")
}

/// Paths of requests that a row is for, unless another one is for them too.
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
            // A brace itself is written twice.
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
