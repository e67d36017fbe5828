use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::messages::protected;

/// Each of the arguments and below it what is said.
fn say(all: &[&str], expected: &Expect) {
    let mut told = String::new();
    for args in all {
        writeln!(told, "{args}").unwrap();
        for message in protected(args) {
            writeln!(told, "    {message}").unwrap();
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn right() {
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
fn words() {
    say(
        &[
            "role",
            "role = 1",
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
                write a string: `role = "auditor"`
            role = Role::Auditor
                write a string: `role = "auditor"`
            role = ""
                the role is empty: write `role = "auditor"`
            role = ["a", "b"]
                one `role` names one role: write `all(role = "a", role = "b")` or `any(role = "a", role = "b")`
            role("a")
                write `role = "a"`
            client = " "
                the client is empty: write `client = "web"`
            client = ["a", "b"]
                one `client` names one client: write `any(client = "a", client = "b")`
            issuer = "a" | "b"
                one `issuer` names one issuer: write `any(issuer = "a", issuer = "b")`
            acr = ""
                the acr is empty: write `acr = "urn:mace:incommon:iap:silver"`
            acr = "a b"
                one acr has no space: write `any(acr = "a", acr = "b")`
            acr = " a"
                one acr has no space: remove it
            acr = "a\"b"
                an acr has no `"`: write visible ASCII other than `"` and `\`, as in `acr = "urn:mace:incommon:iap:silver"`
            acr = "a\nb"
                a string of an attribute has no `\n`: write it in one line, of what can be seen
            acr = "ä"
                an acr has no `ä`: write visible ASCII other than `"` and `\`, as in `acr = "urn:mace:incommon:iap:silver"`
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
    say(
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
                a max_age is a string with a unit: write `max_age = "300s"`
            max_age = "300"
                a max_age is a string with a unit: write `max_age = "300s"`
            max_age = 5m
                a max_age is a string with a unit: write `max_age = "5m"`
            max_age = ""
                the max_age is empty: write `max_age = "5m"`
            max_age = "soon"
                `soon` is no duration: write `max_age = "5m"`
            max_age = "-5m"
                `-5m` is no duration: write `max_age = "5m"`
            max_age = "0s"
                no caller authenticated this moment: write a longer max_age, as in `max_age = "5m"`
            max_age = "500ms"
                a max_age is whole seconds: write `max_age = "5m"`
            max_age = "1s 1ms"
                a max_age is whole seconds: write `max_age = "5m"`
            max_age = "366d"
                a max_age is 365 days at most: write a shorter one, or remove it
            max_age = "99999999999999999999y"
                `99999999999999999999y` is no duration: write `max_age = "5m"`
            max_age = Duration::MAX
                write a string: `max_age = "5m"`
        "#]],
    );
}

#[test]
fn claims() {
    say(
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
                `claim()` compares nothing: write `claim("tenant" = "acme")`
            claim("a")
                a claim is compared with a value: write `claim("tenant" = "acme")`
            claim("a" =)
                a claim is compared with a value: write `claim("tenant" = "acme")`
            claim(tenant = "acme")
                the name of a claim is a string: write `claim("tenant" = "acme")`
            claim("" = 1)
                the name of the claim is empty: write `claim("tenant" = "acme")`
            claim("a..b" = 1)
                a dot parts two names, and one of them is empty: remove the dot, or write a name that has dots as `claim(["a.b"] = "c")`
            claim(".a" = 1)
                a dot parts two names, and one of them is empty: remove the dot, or write a name that has dots as `claim(["a.b"] = "c")`
            claim("x.y/z" = "gold")
                a dot parts two names, and `x.y/z` looks like one: write `claim(["x.y/z"] = ...)`, or name by name as in `claim(["a", "b"] = ...)`
            claim("custom:a.b" = 1.5)
                a dot parts two names, and `custom:a.b` looks like one: write `claim(["custom:a.b"] = ...)`, or name by name as in `claim(["a", "b"] = ...)`
                compare whole numbers, strings or booleans: no two parsers agree on the last digit of a fraction
            claim([] = 1)
                these are no names: write `claim(["https://example.com/roles", "a.b"] = "c")`
            claim([""] = 1)
                this name is empty: write `claim(["https://example.com/roles", "a.b"] = "c")`
            claim([a] = 1)
                the names on the way are strings: write `claim(["https://example.com/roles", "a.b"] = "c")`
            claim("a" = 1.5)
                compare whole numbers, strings or booleans: no two parsers agree on the last digit of a fraction
            claim("a" = -1.5)
                compare whole numbers, strings or booleans: no two parsers agree on the last digit of a fraction
            claim("a" = 1u8)
                remove the suffix `u8`
            claim("a" = 9223372036854775808)
                this number has more than 64 bits: compare a string instead
            claim("a" = [1, 2])
                compare with one string, whole number or boolean; for one of several write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" = -"b")
                compare with one string, whole number or boolean; for one of several write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" = b"c")
                compare with one string, whole number or boolean; for one of several write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" = null)
                compare with one string, whole number or boolean; for one of several write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" > 1)
                a claim is equal to a value: write `claim("tenant" = "acme")`
            claim("a" == 1)
                write one `=`: `claim("tenant" = "acme")`
            claim("a" != 1)
                a claim is equal to a value: write `claim("tenant" = "acme")`
            claim("a" = 1 | 2)
                compare with one string, whole number or boolean; for one of several write `any(claim("a" = 1), claim("a" = 2))`
            claim("a" = 1, "b" = 2)
                one `claim` compares one claim: write `all(claim("a" = 1), claim("b" = 2))` or `any(...)`
            claim(1 = 1.5)
                the name of a claim is a string: write `claim("tenant" = "acme")`
                compare whole numbers, strings or booleans: no two parsers agree on the last digit of a fraction
        "#]],
    );
}

#[test]
fn code() {
    say(
        &[
            "check",
            "check =",
            "check(owns)",
            "check = \"owns\"",
            "check = owns()",
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
                write `=` after `check`: `check = owns_order`
            check = "owns"
                write the function's path without quotes: `check = owns_order`
            check = owns()
                write the function's path and nothing else: `check = owns_order`
            check = owns::<A>
                write the function's path and nothing else: `check = owns_order`
            check = { owns }
                write the function's path alone: `check = owns_order`
            check = |id| async { true }
                an argument of a check has a type, which says what to extract: write it after the argument, as in `Path(id): Path<u64>`
            check = |Path(id), b: &B, c: impl C, d: _| async { true }
                an argument of a check has a type, which says what to extract: write it after the argument, as in `Path(id): Path<u64>`
                a check takes its extractors by value: remove the `&`
                the type says what to extract: write its name
                the type says what to extract: write its name
            check = |id: A| 
                the check has no body: write `check = |Path(id): Path<u64>| async move { ... }`
            check = |id: | true
                this closure cannot be read: write `check = |Path(id): Path<u64>| async move { ... }`
            check = |id
                this closure cannot be read: write `check = |Path(id): Path<u64>| async move { ... }`
            check = || async { true } scope = "a"
                write a comma before `scope`
            policy
                `policy` needs a value: write `policy = CanWriteItems`
            policy = "A"
                write the type's path without quotes: `policy = CanWriteItems`
            policy = A<B>
                write the type's path and nothing else: `policy = CanWriteItems`
            policy = A | B
                write the type's path and nothing else: `policy = CanWriteItems`
            policy(A)
                write `=` after `policy`: `policy = CanWriteItems`
        "#]],
    );
    let nine: Vec<_> = (0..10).map(|index| format!("check = c{index}")).collect();
    say(
        &[&format!("all({})", nine.join(", "))],
        &expect![[r#"
        all(check = c0, check = c1, check = c2, check = c3, check = c4, check = c5, check = c6, check = c7, check = c8, check = c9)
            a policy has 8 checks and policies at most: join some in one function
            a policy has 8 checks and policies at most: join some in one function
    "#]],
    );
}

#[test]
fn twice_at_the_top() {
    say(
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
                `role` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
                `role` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
            client = "a", client = "b"
                `client` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
                `client` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
            claim("a" = true), claim("a" = false)
                `claim` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
                `claim` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
            max_age = "1m", max_age = "2m"
                `max_age` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
                `max_age` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
            check = a, check = b
                `check` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
                `check` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
            policy = A, policy = B
                `policy` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
                `policy` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
            all(role = "a"), all(role = "b")
                `all` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
                `all` is here twice: write `all(...)` to demand both or `any(...)` to demand one of them
        "#]],
    );
}
