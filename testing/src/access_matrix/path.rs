//! Makes request paths from route paths.

/// The values of path parameters, in the order in which the access matrix tries the values. If
/// `/i/1` is a separate route beside `/i/{id}`, the access matrix tries `/i/2`.
pub(super) const VALUES: [&str; 3] = ["1", "2", "access-matrix"];

/// Replaces each parameter of a route path by `value`, and each doubled brace by a single brace.
pub(super) fn fill(path: &str, value: &str) -> String {
    let mut filled = String::new();
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        let is_brace = matches!(character, '{' | '}');
        if is_brace && characters.next_if_eq(&character).is_none() {
            filled.push_str(value);
            characters.by_ref().find(|character| *character == '}');
        } else {
            filled.push(character);
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn parameters_are_replaced_and_doubled_braces_become_single() {
        let cases = [
            ("/", "/"),
            ("/i/{id}", "/i/1"),
            ("/{a}/{b}/", "/1/1/"),
            ("/x-{id}.json", "/x-1.json"),
            ("/files/{*rest}", "/files/1"),
            ("/{{id}}", "/{id}"),
            ("/a{{b}}{c}", "/a{b}1"),
            ("/{{{id}", "/{1"),
        ];
        for (path, expected) in cases {
            assert_eq!(fill(path, "1"), expected, "{path}");
        }
    }
}
