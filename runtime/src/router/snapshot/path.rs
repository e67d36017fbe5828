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

/// Returns true if a path that ends in `/*` matches this request path.
pub(super) fn is_below(path: &str, request: &str) -> bool {
    wildcard_prefix(path).is_some_and(|prefix| {
        ["", "/", "/{*p}"].iter().any(|end| matches(&format!("{prefix}{end}"), request))
    })
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

/// Returns sample request paths that the paths of both rows match. A request that only one of two
/// rows answers best may have literal segments of both, such as `/a/b` for `/a/{p}` and `/{p}/b`.
pub(super) fn common_requests(one: &str, other: &str) -> Vec<String> {
    let [one, other] = [one, other].map(|path| computed_pattern(path).unwrap_or(path));
    common(&segments(one), &segments(other))
}

/// The segments of a path after its first `/`. A row for all paths below a prefix ends in `*`.
fn segments(path: &str) -> Vec<&str> {
    path.split('/').skip(1).collect()
}

fn common(one: &[&str], other: &[&str]) -> Vec<String> {
    match (one, other) {
        ([], []) => vec![String::new()],
        ([rest], others) | (others, [rest]) if is_rest(rest) => below(rest, others),
        ([first, one @ ..], [second, other @ ..]) => match common_segment(first, second) {
            Some(segment) => {
                common(one, other).into_iter().map(|rest| format!("/{segment}{rest}")).collect()
            }
            None => Vec::new(),
        },
        ([], _) | (_, []) => Vec::new(),
    }
}

/// Returns sample requests for these segments, all of which a wildcard matches. Only the wildcard of
/// a service or fallback matches a path without further segments.
fn below(rest: &str, segments: &[&str]) -> Vec<String> {
    match segments {
        [] | [""] if rest != "*" => Vec::new(),
        _ => {
            let path: String = segments.iter().flat_map(|segment| ["/", segment]).collect();
            requests(&path)
        }
    }
}

fn is_rest(segment: &str) -> bool {
    segment == "*" || matches!(pieces(segment).as_slice(), [Piece::Text(""), Piece::Rest, ..])
}

/// Returns a segment that both segments match. A parameter at the end of a segment stands for the
/// rest of the other segment.
fn common_segment(one: &str, other: &str) -> Option<String> {
    let samples = [(one, other), (other, one)].map(|(wide, narrow)| {
        let sample = fill(narrow, VALUE);
        matches(wide, &sample).then_some(sample)
    });
    samples.into_iter().flatten().next()
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
