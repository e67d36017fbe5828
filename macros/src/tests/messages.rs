//! Tests of the error messages of `#[protected]` and `#[public]`.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;

use crate::args;
use crate::errors::Errors;

/// Returns the error messages in an expansion.
fn messages<T>(errors: Errors, value: Option<T>) -> Vec<String> {
    errors.finish(value).err().into_iter().flatten().map(|error| error.to_string()).collect()
}

pub(super) fn protected(args: &str) -> Vec<String> {
    of_protected(args.parse().unwrap())
}

/// Returns the error messages about arguments that may contain groups without delimiters.
pub(super) fn of_protected(args: TokenStream) -> Vec<String> {
    let mut errors = Errors::default();
    let args = args::protected(args, None, &mut errors);
    messages(errors, Some(args.value))
}

fn public(args: &str) -> Vec<String> {
    let mut errors = Errors::default();
    let args = args::public(args.parse().unwrap(), &mut errors);
    messages(errors, args.value)
}

fn assert_each(cases: &[(&str, &str)]) {
    for (args, message) in cases {
        assert_eq!(protected(args), [*message], "{args}");
    }
}

#[test]
fn valid_arguments() {
    for args in [
        "",
        r#"scope = "a""#,
        r#"scope = "a","#,
        r##"scope = r#"a"#"##,
        r#"any(scope = "a")"#,
        r#"all(scope = "a", any(scope = "b", scope = "c"),), any(scope = "d")"#,
        r#"crate = ::a::b, scope = "!#[]~""#,
        "crate = crate::a",
        "crate = crate",
        "page",
        r#"page, scope = "a""#,
        r#"scope = "a", page"#,
    ] {
        assert_eq!(protected(args), <[&str; 0]>::default(), "{args}");
    }
}

#[test]
fn values() {
    assert_each(&[
        ("scope", r#"`scope` needs a value: write `scope = "items:read"`"#),
        ("scope =", r#"`scope` needs a value: write `scope = "items:read"`"#),
        ("scope = 1", r#"the value must be a string: write `scope = "items:read"`"#),
        (
            "scope = -1",
            r#"the value must be a string or the path of a declared scope: write `scope = "items:read"` or `scope = Scope::ItemsRead`"#,
        ),
        (
            "scope = Scope<A>",
            r#"the value must be a string or the path of a declared scope: write `scope = "items:read"` or `scope = Scope::ItemsRead`"#,
        ),
        (
            "scope = items",
            r#"`items` is not a declared scope: write `scope = "items"`, or the variant's path as in `scope = Scope::ItemsRead`"#,
        ),
        (r#"scope = b"a""#, r#"the value must be a string: write `scope = "items:read"`"#),
        (r#"scope = { "a" }"#, r#"the value must be a string: write `scope = "items:read"`"#),
        (
            r#"scope = concat!("a")"#,
            r#"the value must be a string or the path of a declared scope: write `scope = "items:read"` or `scope = Scope::ItemsRead`"#,
        ),
        (
            "scope = Scope::A | Scope::B",
            "`scope` takes one scope: write `any(scope = Scope::A, scope = Scope::B)`",
        ),
        (
            "scope = Scope::A && Scope::B",
            "`scope` takes one scope: write `all(scope = Scope::A, scope = Scope::B)`",
        ),
        (r#"scope = "a"b"#, r#"a string cannot have the suffix `b`: write `scope = "items:read"`"#),
        (r#"scope("a")"#, r#"`scope` takes its value after `=`: write `scope = "a"`"#),
        (r#"scope "a""#, r#"`=` is missing after `scope`: write `scope = "items:read"`"#),
        (r#"scope == "a""#, r#"`scope` takes a single `=`: write `scope = "items:read"`"#),
        (r#"scope: "a""#, r#"`=` is missing after `scope`: write `scope = "items:read"`"#),
    ]);
}

#[test]
fn groups_and_keys() {
    assert_each(&[
        (
            r#"any = "a""#,
            r#"`any` takes a list in parentheses: write `any(scope = "a", scope = "b")`"#,
        ),
        ("any", r#"`any` takes a list in parentheses: write `any(scope = "a", scope = "b")`"#),
        (
            r#"any[scope = "a"]"#,
            r#"`any` takes a list in parentheses: write `any(scope = "a", scope = "b")`"#,
        ),
        ("any()", r#"`any()` is empty: write `any(scope = "a", scope = "b")`"#),
        ("all()", r#"`all()` is empty: write `all(scope = "a", scope = "b")`"#),
        (r#"scop = "a""#, "unknown key `scop`: did you mean `scope`?"),
        (r#"Scopes = "a""#, "unknown key `Scopes`: did you mean `scope`?"),
        (
            "tenant = 1",
            "unknown key `tenant`: write one of `scope`, `role`, `client`, `issuer`, `acr`, `claim`, `max_age`, `proof`, `details`, `check`, `policy`, `all`, `any`, `crate`, `page`",
        ),
        (
            "all(tenant = 1)",
            "unknown key `tenant`: write one of `scope`, `role`, `client`, `issuer`, `acr`, `claim`, `max_age`, `proof`, `details`, `check`, `policy`, `all`, `any`",
        ),
        (r#""a""#, r#"the key is missing: write `scope = "a"`"#),
        ("1", r#"expected a key: write `scope = "items:read"`"#),
        (
            r#", scope = "a""#,
            r#"nothing precedes this comma: remove it, or write `scope = "items:read"` before it"#,
        ),
        (
            r#"scope = "a",,"#,
            r#"nothing precedes this comma: remove it, or write `scope = "items:read"` before it"#,
        ),
        (r#"scope = "a" any(scope = "b")"#, "missing comma: write one before `any`"),
        (r#"any(scope = "a") "b""#, "unexpected tokens after `any(...)`: write a comma"),
        (
            r#"scope = "a" "b""#,
            r#"unexpected tokens after the value: write `scope = "items:read"`"#,
        ),
        (
            r#"any(scope = "a", page)"#,
            "`page` belongs to the whole attribute: move it out of the group",
        ),
        ("all(page = true)", "`page` belongs to the whole attribute: move it out of the group"),
        (r#"all(crate = ::a)"#, "`crate` belongs to the whole attribute: move it out of the group"),
    ]);
}

#[test]
fn scope_tokens() {
    assert_each(&[
        (
            r#"scope = """#,
            r#"the scope is empty: write `scope = "items:read"`, or `#[protected]` for any valid token"#,
        ),
        (
            r#"scope = "a b""#,
            r#"a scope cannot contain a space: write `all(scope = "a", scope = "b")` or `any(scope = "a", scope = "b")`"#,
        ),
        (r#"scope = " a""#, "a scope cannot contain a space: remove it"),
        (
            r#"scope = "ä""#,
            r#"a scope cannot contain `ä`: write visible ASCII other than `"` and `\`, as in `scope = "items:read"`"#,
        ),
        (
            r#"scope = "a\\b""#,
            r#"a scope cannot contain `\`: write visible ASCII other than `"` and `\`, as in `scope = "items:read"`"#,
        ),
        (
            r#"scope = "a\tb""#,
            r"the string cannot contain `\t`: use visible characters on one line",
        ),
    ]);
}

#[test]
fn no_string_breaks_a_line() {
    for (source, character) in [("\\n", "\\n"), ("\\u{1b}", "\\u{1b}"), ("\\u{202e}", "\\u{202e}")]
    {
        let message =
            format!("the string cannot contain `{character}`: use visible characters on one line");
        for args in [
            format!("role = \"a{source}b\""),
            format!("client = \"a{source}\""),
            format!("issuer = \"{source}a\""),
            format!("claim(\"a{source}b\" = 1)"),
            format!("claim([\"a\", \"a{source}b\"] = 1)"),
            format!("claim(\"a\" = \"a{source}b\")"),
        ] {
            assert_eq!(protected(&args), [message.as_str()], "{args}");
        }
        let reason = format!("reason = \"x{source}GET /admin: a [b.rs:1]\"");
        assert_eq!(public(&reason), [message], "{reason}");
    }
}

#[test]
fn runtime_paths() {
    assert_each(&[
        (
            "crate",
            "`crate` needs a path: write `crate = ::axum_protected` or `crate = crate::path::to::axum_protected`",
        ),
        (
            r#"crate = "a""#,
            "`crate` takes a path without quotes: write `crate = ::axum_protected` or `crate = crate::path::to::axum_protected`",
        ),
        (
            "crate = a::b",
            "a relative path resolves differently in each module: write `crate = ::a::b` or `crate = crate::a::b`",
        ),
        (
            "crate = super",
            "a relative path resolves differently in each module: write `crate = ::axum_protected` or `crate = crate::axum_protected`",
        ),
        (
            "crate = super::a",
            "a relative path resolves differently in each module: write `crate = ::a` or `crate = crate::a`",
        ),
        (
            "crate = a::<u8>",
            "`crate` takes a path: write `crate = ::axum_protected` or `crate = crate::path::to::axum_protected`",
        ),
    ]);
}

#[test]
fn several_strings_name_the_groups() {
    for args in [
        r#"scope = ["a", "b"]"#,
        r#"scope = ("a", "b")"#,
        r#"scope("a", "b")"#,
        r#"scope = "a" | "b""#,
        r#"scope = "a" || "b""#,
        r#"scope = "a" & "b""#,
    ] {
        let message = r#"`scope` takes one scope: write `all(scope = "a", scope = "b")` or `any(scope = "a", scope = "b")`"#;
        assert_eq!(protected(args), [message], "{args}");
    }
}

#[test]
fn a_duplicate_key_is_reported_at_both_places() {
    let scope = "duplicate key `scope`: write `all(...)` to require both or `any(...)` to require one of them";
    assert_eq!(protected(r#"scope = "a", scope = "b""#), [scope, scope]);
    let path = "duplicate key `crate`: remove one";
    assert_eq!(protected("crate = ::a, crate = ::b"), [path, path]);
}

#[test]
fn all_mistakes_are_reported_together() {
    assert_eq!(
        protected(r#"scop = "a" any(), all(scope = 1, scope = "b c", roles("x")), crate = a"#),
        [
            "missing comma: write one before `any`",
            "unknown key `scop`: did you mean `scope`?",
            r#"`any()` is empty: write `any(scope = "a", scope = "b")`"#,
            r#"the value must be a string: write `scope = "items:read"`"#,
            r#"a scope cannot contain a space: write `all(scope = "b", scope = "c")` or `any(scope = "b", scope = "c")`"#,
            "unknown key `roles`: did you mean `role`?",
            "a relative path resolves differently in each module: write `crate = ::a` or `crate = crate::a`",
        ],
    );
}

#[test]
fn nesting_is_bounded() {
    let nested =
        |depth: usize| format!("{}{}{}", "any(".repeat(depth), r#"scope = "a""#, ")".repeat(depth));
    assert!(protected(&nested(16)).is_empty());
    assert_eq!(protected(&nested(17)), ["groups are nested deeper than 16 levels: flatten them"]);
    assert_eq!(protected(&nested(100)).len(), 1);
}

#[test]
fn empty_parentheses_differ_from_none() {
    let mistakes = |source| {
        let mut errors = Errors::default();
        let args = args::protected(TokenStream::new(), Some(source), &mut errors);
        messages(errors, Some(args.value)).len()
    };
    for valid in [
        "#[protected]",
        "protected",
        "#[axum_protected::protected ]",
        "#[protected /* () */ ]",
        "#[protected // ()\n]",
        "#[$meta]",
        "#$attribute",
        "#[$name $($args)*]",
        "#[protected $list]",
        "#[other(x)]",
        "items!()",
        "items!($items)",
    ] {
        assert_eq!(mistakes(valid), 0, "{valid}");
    }
    for empty in [
        "#[protected()]",
        "protected( )",
        "#[ axum_protected::protected ( ) ]",
        "#[protected($($args)*)]",
        "#[protected{}]",
        "#[protected[]]",
        "#[protected(/* scope */)]",
        "#[protected() /* scope */ ]",
        "#[guard()]",
        "#[guard($($args)*)]",
        "guard($($args)*)",
        "guard[$($args)*]",
        "#[auth::guard{ $($args)* }]",
        "#[$name($($args)*)]",
    ] {
        assert_eq!(mistakes(empty), 1, "{empty}");
    }
}

/// A fragment that `macro_rules!` substitutes, such as a visibility, may be empty.
#[test]
fn an_empty_fragment_is_an_empty_list() {
    let empty = Group::new(Delimiter::None, TokenStream::new());
    for (args, message) in [
        (
            quote!(#empty),
            "empty parentheses: write `#[protected]` for any valid token, or state a requirement: `#[protected(scope = \"items:read\")]`",
        ),
        (quote!(all(#empty)), "`all()` is empty: write `all(scope = \"a\", scope = \"b\")`"),
        (
            quote!(scope = "a", any(#empty)),
            "`any()` is empty: write `any(scope = \"a\", scope = \"b\")`",
        ),
    ] {
        assert_eq!(of_protected(args), [message]);
    }
    let mut errors = Errors::default();
    let args = args::policy(quote!(#empty), &mut errors);
    assert!(args.value.is_none());
}

#[test]
fn a_reason_is_required() {
    let missing = r#"the reason is missing: state why this handler is public, as in `#[public(reason = "liveness probe")]`"#;
    let empty = r#"the reason is empty: state why this handler is public, as in `reason = "liveness probe"`"#;
    assert_eq!(public(r#"reason = "probe", crate = ::a"#), <[&str; 0]>::default());
    for (args, messages) in [
        ("", vec![missing]),
        ("crate = ::a", vec![missing]),
        (r#"reason = """#, vec![empty]),
        (r#"reason = "  ""#, vec![empty]),
        ("reason", vec![r#"`reason` needs a value: write `reason = "liveness probe"`"#]),
        (
            r#"reason("probe")"#,
            vec![r#"`reason` takes its value after `=`: write `reason = "probe"`"#],
        ),
        (
            r#"reason = ["a", "b"]"#,
            vec![r#"the value must be one string: write `reason = "liveness probe"`"#],
        ),
        (r#""probe""#, vec![r#"the key is missing: write `reason = "probe"`"#]),
        (r#"raeson = "probe""#, vec!["unknown key `raeson`: did you mean `reason`?"]),
        (r#"scope = "a""#, vec!["unknown key `scope`: write one of `reason`, `crate`, `page`"]),
    ] {
        assert_eq!(public(args), messages, "{args}");
    }
}

#[test]
fn page() {
    let with_value =
        "`page` takes no value: write `page` alone, with a comma before the next entry";
    assert_each(&[
        ("page = true", with_value),
        ("page()", with_value),
        (r#"page("/")"#, with_value),
        (r#"page scope = "a""#, with_value),
        (r#"scope = "a" page"#, "missing comma: write one before `page`"),
        (r#"pages, scope = "a""#, "unknown key `pages`: did you mean `page`?"),
    ]);
    let twice = "duplicate key `page`: remove one";
    assert_eq!(
        protected(r#"page, scpoe = "a", page = 1"#),
        [twice, twice, with_value, "unknown key `scpoe`: did you mean `scope`?"]
    );
    let missing = "the reason is missing: state why this handler is public, as in `#[public(reason = \"liveness probe\")]`";
    for (args, expected) in [
        (r#"reason = "a", page"#, vec![]),
        (r#"page, reason = "a""#, vec![]),
        ("page", vec![missing]),
        ("page, crate = ::a", vec![missing]),
        (r#"reason = "a", page = "b", page"#, vec![twice, twice, with_value]),
    ] {
        assert_eq!(public(args), expected, "{args}");
    }
}
