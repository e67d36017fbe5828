//! Tests of the error messages about the values of requirements.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::messages::protected;

/// Compares a list of the arguments, each followed by its error messages, with the expected text.
pub(super) fn assert_messages(all: &[&str], expected: &Expect) {
    let mut text = String::new();
    for args in all {
        writeln!(text, "{args}").unwrap();
        for message in protected(args) {
            writeln!(text, "    {message}").unwrap();
        }
    }
    expected.assert_eq(&text);
}

#[test]
fn valid_requirements() {
    for args in [
        "scope = Scope::ItemsWrite",
        "scope = crate::auth::Scope::ItemsWrite",
        "scope = ::auth::ITEMS, role = \"Site Admin\", client = \"web\", issuer = \"acme\"",
        "acr = \"urn:mace:incommon:iap:silver\", max_age = \"1h 30m\"",
        "max_age = \"365days\"",
        "claim(\"realm.path\" = \"x\")",
        "claim(\"level\" = 3,)",
        "claim(\"level\" = -9223372036854775808)",
        "claim(\"email_verified\" = true)",
        "claim(\"https://x.y/z\" = \"\")",
        "claim([\"https://x.y/z\", \"a.b\"] = \"v\")",
        "check = owns_order",
        "check = crate::perms::can(Permission::ItemsRead, [1, -2], \"a, b\",)",
        "all(check = can(A), check = can(B), check = may(A))",
        "check = orders::owns_order, policy = crate::policies::CanWriteItems, scope = \"a\"",
        "check = |Path(id): Path<u64>, caller: Claims<Caller>| async move { owns(id, caller).await }, scope = \"a\"",
        "check = async |_: Map<u8, u8>| true, scope = \"a\"",
        "check = async move || -> Result<(), Denied> { Ok(()) }, scope = \"a\"",
        "check = || async { true }.boxed(), scope = \"a\"",
        "any(check = |_: A| async { true }, check = |_: A| async { true })",
        "any(client = \"a\", client = \"b\", acr = \"a\", acr = \"b\", claim(\"a\" = true), claim(\"a\" = false))",
        "any(all(role = \"a\", check = c), all(role = \"b\", check = c))",
        "any(max_age = \"5m\", role = \"a\")",
        "all(claim(\"a\" = 1), claim(\"a\" = 2))",
        "all(issuer = \"acme\", issuer = \"https://id.example.com\")",
        "client = \"a\", any(all(client = \"a\", scope = \"x\"), scope = \"y\")",
        "client = \"a\", policy = A, any(issuer = \"b\", policy = B)",
        "claim(\"custom:tier\" = 1)",
        "claim(\"urn:x.y:z\" = 1)",
    ] {
        assert_eq!(protected(args), <[&str; 0]>::default(), "{args}");
    }
}

#[test]
fn strings() {
    assert_messages(
        &[
            "role",
            "role = 1",
            "role = auditor",
            "role == Role::Auditor",
            "role = Role::Auditor | Role::Admin",
            "role = Role::Auditor + Role::Admin",
            "role = Role::auditor()",
            "role = Role::Auditor",
            "role = \"\"",
            "role = [\"a\", \"b\"]",
            "role(\"a\")",
            "client = \" \"",
            "client = [\"a\", \"b\"]",
            "issuer = \"a\" | \"b\"",
            "acr = \"\"",
            "acr = \"a b\"",
            "acr = \" a\"",
            "acr = \"a\\\"b\"",
            "acr = \"a\\nb\"",
            "acr = \"ä\"",
            "rolle = \"a\"",
            "maxage = \"5m\"",
            "claims(\"a\" = 1)",
            "polcy = A",
        ],
        &expect![[r#"
            role
                `role` needs a value: write `role = "auditor"`
            role = 1
                the value must be a string: write `role = "auditor"`
            role = auditor
                `auditor` is not a declared role: write `role = "auditor"`, or the variant's path as in `role = Role::Auditor`
            role == Role::Auditor
                `role` takes a single `=`: write `role = "auditor"`
            role = Role::Auditor | Role::Admin
                `role` takes one role: write `any(role = Role::A, role = Role::B)`
            role = Role::Auditor + Role::Admin
                `role` takes one role: write `all(role = Role::A, role = Role::B)`
            role = Role::auditor()
                the value must be a string or the path of a declared role: write `role = "auditor"` or `role = Role::Auditor`
            role = Role::Auditor
            role = ""
                the role is empty: write `role = "auditor"`
            role = ["a", "b"]
                `role` takes one role: write `all(role = "a", role = "b")` or `any(role = "a", role = "b")`
            role("a")
                `role` takes its value after `=`: write `role = "a"`
            client = " "
                the client is empty: write `client = "web"`
            client = ["a", "b"]
                `client` takes one client: write `any(client = "a", client = "b")`
            issuer = "a" | "b"
                `issuer` takes one issuer: write `any(issuer = "a", issuer = "b")`
            acr = ""
                the acr is empty: write `acr = "urn:mace:incommon:iap:silver"`
            acr = "a b"
                an acr cannot contain a space: write `any(acr = "a", acr = "b")`
            acr = " a"
                an acr cannot contain a space: remove it
            acr = "a\"b"
                an acr cannot contain `"`: write visible ASCII other than `"` and `\`, as in `acr = "urn:mace:incommon:iap:silver"`
            acr = "a\nb"
                the string cannot contain `\n`: use visible characters on one line
            acr = "ä"
                an acr cannot contain `ä`: write visible ASCII other than `"` and `\`, as in `acr = "urn:mace:incommon:iap:silver"`
            rolle = "a"
                unknown key `rolle`: did you mean `role`?
            maxage = "5m"
                unknown key `maxage`: did you mean `max_age`?
            claims("a" = 1)
                unknown key `claims`: did you mean `claim`?
            polcy = A
                unknown key `polcy`: did you mean `policy`?
        "#]],
    );
}

#[test]
fn durations() {
    assert_messages(
        &[
            "max_age",
            "max_age = 300",
            "max_age = \"300\"",
            "max_age = 5m",
            "max_age = \"\"",
            "max_age = \"soon\"",
            "max_age = \"-5m\"",
            "max_age = \"0s\"",
            "max_age = \"500ms\"",
            "max_age = \"1s 1ms\"",
            "max_age = \"366d\"",
            "max_age = \"99999999999999999999y\"",
            "max_age = Duration::MAX",
        ],
        &expect![[r#"
            max_age
                `max_age` needs a value: write `max_age = "5m"`
            max_age = 300
                a max_age must be a string with a unit: write `max_age = "300s"`
            max_age = "300"
                a max_age must be a string with a unit: write `max_age = "300s"`
            max_age = 5m
                a max_age must be a string with a unit: write `max_age = "5m"`
            max_age = ""
                the max_age is empty: write `max_age = "5m"`
            max_age = "soon"
                `soon` is not a duration: write `max_age = "5m"`
            max_age = "-5m"
                `-5m` is not a duration: write `max_age = "5m"`
            max_age = "0s"
                a max_age of zero refuses every caller: write a longer one, as in `max_age = "5m"`
            max_age = "500ms"
                a max_age must be whole seconds: write `max_age = "5m"`
            max_age = "1s 1ms"
                a max_age must be whole seconds: write `max_age = "5m"`
            max_age = "366d"
                a max_age cannot exceed 365 days: write a shorter one, or remove it
            max_age = "99999999999999999999y"
                `99999999999999999999y` is not a duration: write `max_age = "5m"`
            max_age = Duration::MAX
                the value must be a string: write `max_age = "5m"`
        "#]],
    );
}

#[test]
fn claims() {
    assert_messages(
        &[
            "claim",
            "claim = \"a\"",
            "claim()",
            "claim(\"a\")",
            "claim(\"a\" =)",
            "claim(tenant = \"acme\")",
            "claim(\"\" = 1)",
            "claim(\"a..b\" = 1)",
            "claim(\".a\" = 1)",
            "claim(\"x.y/z\" = \"gold\")",
            "claim(\"custom:a.b\" = 1.5)",
            "claim([] = 1)",
            "claim([\"\"] = 1)",
            "claim([a] = 1)",
            "claim(\"a\" = 1.5)",
            "claim(\"a\" = -1.5)",
            "claim(\"a\" = 1u8)",
            "claim(\"a\" = 9223372036854775808)",
            "claim(\"a\" = [1, 2])",
            "claim(\"a\" = -\"b\")",
            "claim(\"a\" = b\"c\")",
            "claim(\"a\" = null)",
            "claim(\"a\" > 1)",
            "claim(\"a\" == 1)",
            "claim(\"a\" != 1)",
            "claim(\"a\" = 1 | 2)",
            "claim(\"a\" = 1, \"b\" = 2)",
            "claim(1 = 1.5)",
        ],
        &expect![[r#"
            claim
                `claim` takes a name and a value in parentheses: write `claim("tenant" = "acme")`
            claim = "a"
                `claim` takes a name and a value in parentheses: write `claim("tenant" = "acme")`
            claim()
                `claim()` is empty: write `claim("tenant" = "acme")`
            claim("a")
                the value of the claim is missing: write `claim("tenant" = "acme")`
            claim("a" =)
                the value of the claim is missing: write `claim("tenant" = "acme")`
            claim(tenant = "acme")
                the name of a claim must be a string: write `claim("tenant" = "acme")`
            claim("" = 1)
                the name of the claim is empty: write `claim("tenant" = "acme")`
            claim("a..b" = 1)
                a dot separates nested names, and one of them is empty: remove the dot, or write a name that contains dots as `claim(["a.b"] = "c")`
            claim(".a" = 1)
                a dot separates nested names, and one of them is empty: remove the dot, or write a name that contains dots as `claim(["a.b"] = "c")`
            claim("x.y/z" = "gold")
                a dot separates nested names, but `x.y/z` looks like one name: write `claim(["x.y/z"] = ...)`, or list nested names as in `claim(["a", "b"] = ...)`
            claim("custom:a.b" = 1.5)
                a dot separates nested names, but `custom:a.b` looks like one name: write `claim(["custom:a.b"] = ...)`, or list nested names as in `claim(["a", "b"] = ...)`
                a claim cannot be compared with a fraction, as parsers round differently: write a whole number, a string or a boolean
            claim([] = 1)
                the list of names is empty: write `claim(["https://example.com/roles", "a.b"] = "c")`
            claim([""] = 1)
                this name is empty: write `claim(["https://example.com/roles", "a.b"] = "c")`
            claim([a] = 1)
                nested names must be strings: write `claim(["https://example.com/roles", "a.b"] = "c")`
            claim("a" = 1.5)
                a claim cannot be compared with a fraction, as parsers round differently: write a whole number, a string or a boolean
            claim("a" = -1.5)
                a claim cannot be compared with a fraction, as parsers round differently: write a whole number, a string or a boolean
            claim("a" = 1u8)
                a number cannot have a suffix: remove `u8`
            claim("a" = 9223372036854775808)
                this number does not fit in 64 bits: compare a string instead
            claim("a" = [1, 2])
                the value must be one string, whole number or boolean: for alternatives write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" = -"b")
                the value must be one string, whole number or boolean: for alternatives write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" = b"c")
                the value must be one string, whole number or boolean: for alternatives write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" = null)
                the value must be one string, whole number or boolean: for alternatives write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" > 1)
                a claim can only be compared with `=`: write `claim("tenant" = "acme")`
            claim("a" == 1)
                a claim is compared with a single `=`: write `claim("tenant" = "acme")`
            claim("a" != 1)
                a claim can only be compared with `=`: write `claim("tenant" = "acme")`
            claim("a" = 1 | 2)
                the value must be one string, whole number or boolean: for alternatives write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" = 1, "b" = 2)
                `claim` compares one claim: write `all(claim("a" = 1), claim("b" = 2))` or `any(...)`
            claim(1 = 1.5)
                the name of a claim must be a string: write `claim("tenant" = "acme")`
                a claim cannot be compared with a fraction, as parsers round differently: write a whole number, a string or a boolean
        "#]],
    );
}

#[test]
fn code() {
    assert_messages(
        &[
            "check",
            "check =",
            "check(owns)",
            "check = \"owns\"",
            "check = owns()",
            "check = can(a b)",
            "check = can(A, , B)",
            "check = can(A).await",
            "check = can(A)(B)",
            "check = can::<A>(B)",
            "check = (can)(B)",
            "check = can(A) scope = \"a\"",
            "check = can[A]",
            "check = owns::<A>",
            "check = { owns }",
            "check = |id| async { true }",
            "check = |Path(id), b: &B, c: impl C, d: _| async { true }",
            "check = |id: A| ",
            "check = |id: | true",
            "check = |id",
            "check = || async { true } scope = \"a\"",
            "policy",
            "policy = \"A\"",
            "policy = A<B>",
            "policy = A | B",
            "policy(A)",
        ],
        &expect![[r#"
            check
                `check` needs a value: write `check = owns_order`
            check =
                `check` needs a value: write `check = owns_order`
            check(owns)
                `=` is missing after `check`: write `check = owns_order`
            check = "owns"
                the value must be the path of a function without quotes: write `check = owns_order`
            check = owns()
                the list of constants is empty: write the name of the check alone, as in `check = owns_order`
            check = can(a b)
                the constants of a check must be expressions: write `check = can(Permission::ItemsRead)`
            check = can(A, , B)
                the constants of a check must be expressions: write `check = can(Permission::ItemsRead)`
            check = can(A).await
                the value must be the path of a function and nothing else: write `check = owns_order`
            check = can(A)(B)
                the value must be the path of a function and nothing else: write `check = owns_order`
            check = can::<A>(B)
                the value must be the path of a function and nothing else: write `check = owns_order`
            check = (can)(B)
                the value must be the path of a function and nothing else: write `check = owns_order`
            check = can(A) scope = "a"
                missing comma: write one before `scope`
            check = can[A]
                the value must be the path of a function and nothing else: write `check = owns_order`
            check = owns::<A>
                the value must be the path of a function and nothing else: write `check = owns_order`
            check = { owns }
                the value must be the path of a function and nothing else: write `check = owns_order`
            check = |id| async { true }
                an argument of a check needs a type, which selects the extractor: write it after the argument, as in `Path(id): Path<u64>`
            check = |Path(id), b: &B, c: impl C, d: _| async { true }
                an argument of a check needs a type, which selects the extractor: write it after the argument, as in `Path(id): Path<u64>`
                a check must take its extractors by value: remove the `&`
                an argument of a check needs a concrete type: write its name
                an argument of a check needs a concrete type: write its name
            check = |id: A| 
                the check has no body: write `check = |Path(id): Path<u64>| async move { ... }`
            check = |id: | true
                this is not a valid closure: write `check = |Path(id): Path<u64>| async move { ... }`
            check = |id
                this is not a valid closure: write `check = |Path(id): Path<u64>| async move { ... }`
            check = || async { true } scope = "a"
                missing comma: write one before `scope`
            policy
                `policy` needs a value: write `policy = CanWriteItems`
            policy = "A"
                the value must be the path of a type without quotes: write `policy = CanWriteItems`
            policy = A<B>
                the value must be the path of a type and nothing else: write `policy = CanWriteItems`
            policy = A | B
                the value must be the path of a type and nothing else: write `policy = CanWriteItems`
            policy(A)
                `=` is missing after `policy`: write `policy = CanWriteItems`
        "#]],
    );
    let nine: Vec<_> = (0..10).map(|index| format!("check = c{index}")).collect();
    assert_messages(
        &[&format!("all({})", nine.join(", "))],
        &expect![[r#"
            all(check = c0, check = c1, check = c2, check = c3, check = c4, check = c5, check = c6, check = c7, check = c8, check = c9)
                a policy can have at most 8 checks and policies: combine some in one function
                a policy can have at most 8 checks and policies: combine some in one function
        "#]],
    );
}

#[test]
fn duplicate_keys_at_the_top_level() {
    assert_messages(
        &[
            "role = \"a\", role = \"a\"",
            "client = \"a\", client = \"b\"",
            "claim(\"a\" = true), claim(\"a\" = false)",
            "max_age = \"1m\", max_age = \"2m\"",
            "check = a, check = b",
            "policy = A, policy = B",
            "all(role = \"a\"), all(role = \"b\")",
        ],
        &expect![[r#"
            role = "a", role = "a"
                duplicate key `role`: write `all(...)` to require both or `any(...)` to require one of them
                duplicate key `role`: write `all(...)` to require both or `any(...)` to require one of them
            client = "a", client = "b"
                duplicate key `client`: write `all(...)` to require both or `any(...)` to require one of them
                duplicate key `client`: write `all(...)` to require both or `any(...)` to require one of them
            claim("a" = true), claim("a" = false)
                duplicate key `claim`: write `all(...)` to require both or `any(...)` to require one of them
                duplicate key `claim`: write `all(...)` to require both or `any(...)` to require one of them
            max_age = "1m", max_age = "2m"
                duplicate key `max_age`: write `all(...)` to require both or `any(...)` to require one of them
                duplicate key `max_age`: write `all(...)` to require both or `any(...)` to require one of them
            check = a, check = b
                duplicate key `check`: write `all(...)` to require both or `any(...)` to require one of them
                duplicate key `check`: write `all(...)` to require both or `any(...)` to require one of them
            policy = A, policy = B
                duplicate key `policy`: write `all(...)` to require both or `any(...)` to require one of them
                duplicate key `policy`: write `all(...)` to require both or `any(...)` to require one of them
            all(role = "a"), all(role = "b")
                duplicate key `all`: write `all(...)` to require both or `any(...)` to require one of them
                duplicate key `all`: write `all(...)` to require both or `any(...)` to require one of them
        "#]],
    );
}
