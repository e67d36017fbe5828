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

/// The beginning of the path of a row whose path is a pattern for computed paths. The path of a
/// route begins with `/`, so the two cannot be mistaken for each other.
const COMPUTED: &str = "computed:";

/// Returns the path of a row whose path is a pattern for computed paths.
pub(super) fn computed(pattern: &str) -> String {
    format!("{COMPUTED}{pattern}")
}

/// Returns the pattern in the path of a row for computed paths, and `None` for other rows.
pub(super) fn computed_pattern(path: &str) -> Option<&str> {
    path.strip_prefix(COMPUTED)
}

/// Returns true if the path of a route matches only requests that the pattern matches.
pub(in crate::router) fn covers(pattern: &str, path: &str) -> bool {
    pattern.starts_with('/') && matches(pattern, &fill(path, &[VALUE; 2].join("/")))
}

/// Returns true if the pattern matches this request path. Unlike in a path of axum, a parameter may
/// be a part of a segment.
pub(super) fn matches(pattern: &str, request: &str) -> bool {
    matches_pieces(&pieces(pattern), request)
}

fn matches_pieces(pieces: &[Piece<'_>], request: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return request.is_empty();
    };
    match first {
        Piece::Text(text) => request
            .strip_prefix(&literal(text))
            .is_some_and(|request| matches_pieces(rest, request)),
        Piece::Parameter | Piece::Rest => {
            let is_rest = matches!(first, Piece::Rest);
            let values = request.char_indices().take_while(|(_, one)| is_rest || *one != '/');
            let ends = values.map(|(start, one)| start.saturating_add(one.len_utf8()));
            ends.filter_map(|end| request.get(end..)).any(|request| matches_pieces(rest, request))
        }
    }
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
    let path = computed_pattern(path).unwrap_or(path);
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
        Piece::Text(text) => literal(text),
        Piece::Parameter => VALUE.to_owned(),
        Piece::Rest => rest.to_owned(),
    })
}

/// Replaces doubled braces, which stand for literal braces.
fn literal(text: &str) -> String {
    text.replace("{{", "{").replace("}}", "}")
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
