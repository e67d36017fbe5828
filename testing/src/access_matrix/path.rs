//! From the path of a route to the path of a request.

/// What goes in the place of a parameter. Where a route is covered by another that has a value of
/// its own there, as `/i/{id}` by `/i/1`, the next may do.
pub(super) const VALUES: [&str; 3] = ["1", "2", "access-matrix"];

/// A route's path with this value for its parameters, and its doubled braces undone.
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
    fn parameters_are_filled_and_braces_undone() {
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
