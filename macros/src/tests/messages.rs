use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;

use crate::args;
use crate::errors::Errors;

/// The messages, one a line.
fn told<T>(errors: Errors, value: Option<T>) -> Vec<String> {
    errors.finish(value).err().into_iter().flatten().map(|error| error.to_string()).collect()
}

pub(super) fn protected(args: &str) -> Vec<String> {
    let mut errors = Errors::default();
    let args = args::protected(args.parse().unwrap(), None, &mut errors);
    told(errors, Some(args.said))
}

fn public(args: &str) -> Vec<String> {
    let mut errors = Errors::default();
    let args = args::public(args.parse().unwrap(), &mut errors);
    told(errors, args.said)
}

fn each_says(cases: &[(&str, &str)]) {
    for (args, message) in cases {
        assert_eq!(protected(args), [*message], "{args}");
    }
}

#[test]
fn right() {
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
    ] {
        assert_eq!(protected(args), <[&str; 0]>::default(), "{args}");
    }
}

#[test]
fn values() {
    each_says(&[
        ("scope", r#"`scope` needs a value: write `scope = "items:read"`"#),
        ("scope =", r#"`scope` needs a value: write `scope = "items:read"`"#),
        ("scope = 1", r#"write a string: `scope = "items:read"`"#),
        (
            "scope = -1",
            r#"write a string, or the path of a declared scope: `scope = "items:read"` or `scope = Scope::ItemsRead`"#,
        ),
        (
            "scope = Scope<A>",
            r#"write a string, or the path of a declared scope: `scope = "items:read"` or `scope = Scope::ItemsRead`"#,
        ),
        (
            "scope = items",
            r#"`items` is no declared scope: write `scope = "items"`, or the variant's path as in `scope = Scope::ItemsRead`"#,
        ),
        (r#"scope = b"a""#, r#"write a string: `scope = "items:read"`"#),
        (r#"scope = { "a" }"#, r#"write a string: `scope = "items:read"`"#),
        (
            r#"scope = concat!("a")"#,
            r#"write a string, or the path of a declared scope: `scope = "items:read"` or `scope = Scope::ItemsRead`"#,
        ),
        (
            "scope = Scope::A | Scope::B",
            "one `scope` names one scope: write `any(scope = Scope::A, scope = Scope::B)`",
        ),
        (
            "scope = Scope::A && Scope::B",
            "one `scope` names one scope: write `all(scope = Scope::A, scope = Scope::B)`",
        ),
        (r#"scope = "a"b"#, r#"remove the suffix `b`: write `scope = "items:read"`"#),
        (r#"scope("a")"#, r#"write `scope = "a"`"#),
        (r#"scope "a""#, r#"write `=` after `scope`: `scope = "items:read"`"#),
        (r#"scope == "a""#, r#"write one `=`: `scope = "items:read"`"#),
        (r#"scope: "a""#, r#"write `=` after `scope`: `scope = "items:read"`"#),
    ]);
}

#[test]
fn groups_and_keys() {
    each_says(&[
        (
            r#"any = "a""#,
            r#"`any` takes a list in parentheses: write `any(scope = "a", scope = "b")`"#,
        ),
        ("any", r#"`any` takes a list in parentheses: write `any(scope = "a", scope = "b")`"#),
        (
            r#"any[scope = "a"]"#,
            r#"`any` takes a list in parentheses: write `any(scope = "a", scope = "b")`"#,
        ),
        ("any()", r#"`any()` states no requirement: write `any(scope = "a", scope = "b")`"#),
        ("all()", r#"`all()` states no requirement: write `all(scope = "a", scope = "b")`"#),
        (r#"scop = "a""#, "unknown key `scop`: did you mean `scope`?"),
        (r#"Scopes = "a""#, "unknown key `Scopes`: did you mean `scope`?"),
        (
            "tenant = 1",
            "unknown key `tenant`: write one of `scope`, `role`, `client`, `issuer`, `acr`, `claim`, `max_age`, `check`, `policy`, `all`, `any`, `crate`",
        ),
        (
            "all(tenant = 1)",
            "unknown key `tenant`: write one of `scope`, `role`, `client`, `issuer`, `acr`, `claim`, `max_age`, `check`, `policy`, `all`, `any`",
        ),
        (r#""a""#, r#"write `scope = "a"`"#),
        ("1", r#"write a key here, such as `scope = "items:read"`"#),
        (
            r#", scope = "a""#,
            r#"write `scope = "items:read"` before this comma, or remove the comma"#,
        ),
        (
            r#"scope = "a",,"#,
            r#"write `scope = "items:read"` before this comma, or remove the comma"#,
        ),
        (r#"scope = "a" any(scope = "b")"#, "write a comma before `any`"),
        (r#"any(scope = "a") "b""#, "write a comma after `any(...)` and nothing else"),
        (r#"scope = "a" "b""#, r#"nothing may follow the value: write `scope = "items:read"`"#),
        (r#"all(crate = ::a)"#, "`crate` belongs to the whole attribute: move it out of the group"),
    ]);
}

#[test]
fn scope_tokens() {
    each_says(&[
        (
            r#"scope = """#,
            r#"the scope is empty: write `scope = "items:read"`, or `#[protected]` for any valid token"#,
        ),
        (
            r#"scope = "a b""#,
            r#"one scope has no space: write `all(scope = "a", scope = "b")` or `any(scope = "a", scope = "b")`"#,
        ),
        (r#"scope = " a""#, "one scope has no space: remove it"),
        (
            r#"scope = "ä""#,
            r#"a scope has no `ä`: write visible ASCII other than `"` and `\`, as in `scope = "items:read"`"#,
        ),
        (
            r#"scope = "a\\b""#,
            r#"a scope has no `\`: write visible ASCII other than `"` and `\`, as in `scope = "items:read"`"#,
        ),
        (
            r#"scope = "a\tb""#,
            r"a string of an attribute has no `\t`: write it in one line, of what can be seen",
        ),
    ]);
}

#[test]
fn no_string_breaks_a_line() {
    for (written, told) in [("\\n", "\\n"), ("\\u{1b}", "\\u{1b}"), ("\\u{202e}", "\\u{202e}")] {
        let message = format!(
            "a string of an attribute has no `{told}`: write it in one line, of what can be seen"
        );
        for args in [
            format!("role = \"a{written}b\""),
            format!("client = \"a{written}\""),
            format!("issuer = \"{written}a\""),
            format!("claim(\"a{written}b\" = 1)"),
            format!("claim([\"a\", \"a{written}b\"] = 1)"),
            format!("claim(\"a\" = \"a{written}b\")"),
        ] {
            assert_eq!(protected(&args), [message.as_str()], "{args}");
        }
        let reason = format!("reason = \"x{written}GET /admin: a [b.rs:1]\"");
        assert_eq!(public(&reason), [message], "{reason}");
    }
}

#[test]
fn runtime_paths() {
    each_says(&[
        (
            "crate",
            "`crate` needs a path: write `crate = ::axum_protected` or `crate = crate::crate_path::to::axum_protected`",
        ),
        (
            r#"crate = "a""#,
            "`crate` takes a path without quotes: write `crate = ::axum_protected` or `crate = crate::crate_path::to::axum_protected`",
        ),
        (
            "crate = a::b",
            "a relative path means something else in each module: write `crate = ::a::b` or `crate = crate::a::b`",
        ),
        (
            "crate = super",
            "a relative path means something else in each module: write `crate = ::axum_protected` or `crate = crate::axum_protected`",
        ),
        (
            "crate = super::a",
            "a relative path means something else in each module: write `crate = ::a` or `crate = crate::a`",
        ),
        (
            "crate = a::<u8>",
            "`crate` takes a path: write `crate = ::axum_protected` or `crate = crate::crate_path::to::axum_protected`",
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
        let message = r#"one `scope` names one scope: write `all(scope = "a", scope = "b")` or `any(scope = "a", scope = "b")`"#;
        assert_eq!(protected(args), [message], "{args}");
    }
}

#[test]
fn a_key_given_twice_is_told_on_both() {
    let scope = "`scope` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them";
    assert_eq!(protected(r#"scope = "a", scope = "b""#), [scope, scope]);
    let path = "`crate` is here twice: remove one";
    assert_eq!(protected("crate = ::a, crate = ::b"), [path, path]);
}

#[test]
fn all_mistakes_at_once() {
    assert_eq!(
        protected(r#"scop = "a" any(), all(scope = 1, scope = "b c", roles("x")), crate = a"#),
        [
            "write a comma before `any`",
            "unknown key `scop`: did you mean `scope`?",
            r#"`any()` states no requirement: write `any(scope = "a", scope = "b")`"#,
            r#"write a string: `scope = "items:read"`"#,
            r#"one scope has no space: write `all(scope = "b", scope = "c")` or `any(scope = "b", scope = "c")`"#,
            "unknown key `roles`: did you mean `role`?",
            "a relative path means something else in each module: write `crate = ::a` or `crate = crate::a`",
        ],
    );
}

#[test]
fn nesting_is_bounded() {
    let nested =
        |depth: usize| format!("{}{}{}", "any(".repeat(depth), r#"scope = "a""#, ")".repeat(depth));
    assert!(protected(&nested(16)).is_empty());
    assert_eq!(protected(&nested(17)), ["groups nest deeper than 16: flatten them"]);
    assert_eq!(protected(&nested(100)).len(), 1);
}

#[test]
fn empty_parentheses_are_told_from_none() {
    let told = |written| {
        let mut errors = Errors::default();
        let value = args::protected(TokenStream::new(), Some(written), &mut errors);
        told(errors, Some(value.said)).len()
    };
    for right in [
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
        assert_eq!(told(right), 0, "{right}");
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
        assert_eq!(told(empty), 1, "{empty}");
    }
}

/// A fragment such as a visibility may stand for nothing.
#[test]
fn an_empty_fragment_is_nothing() {
    let nothing = Group::new(Delimiter::None, TokenStream::new());
    for (args, message) in [
        (
            quote!(#nothing),
            "empty parentheses: write `#[protected]` for any valid token, or state a requirement: `#[protected(scope = \"items:read\")]`",
        ),
        (
            quote!(all(#nothing)),
            "`all()` states no requirement: write `all(scope = \"a\", scope = \"b\")`",
        ),
        (
            quote!(scope = "a", any(#nothing)),
            "`any()` states no requirement: write `any(scope = \"a\", scope = \"b\")`",
        ),
    ] {
        let mut errors = Errors::default();
        let read = args::protected(args, None, &mut errors);
        assert_eq!(told(errors, Some(read.said)), [message]);
    }
    let mut errors = Errors::default();
    let read = args::policy(quote!(#nothing), &mut errors);
    assert!(read.said.is_none());
}

#[test]
fn a_reason_is_required() {
    let missing = r#"say why anyone may call this: write `#[public(reason = "liveness probe")]`"#;
    let empty =
        r#"the reason is empty: say why anyone may call this, as in `reason = "liveness probe"`"#;
    assert_eq!(public(r#"reason = "probe", crate = ::a"#), <[&str; 0]>::default());
    for (args, messages) in [
        ("", vec![missing]),
        ("crate = ::a", vec![missing]),
        (r#"reason = """#, vec![empty]),
        (r#"reason = "  ""#, vec![empty]),
        ("reason", vec![r#"`reason` needs a value: write `reason = "liveness probe"`"#]),
        (r#"reason("probe")"#, vec![r#"write `reason = "probe"`"#]),
        (r#"reason = ["a", "b"]"#, vec![r#"write one string: `reason = "liveness probe"`"#]),
        (r#""probe""#, vec![r#"write `reason = "probe"`"#]),
        (r#"raeson = "probe""#, vec!["unknown key `raeson`: did you mean `reason`?"]),
        (r#"scope = "a""#, vec!["unknown key `scope`: write one of `reason`, `crate`"]),
    ] {
        assert_eq!(public(args), messages, "{args}");
    }
}
