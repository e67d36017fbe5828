//! Tests of `details(...)`.

use expect_test::expect;
use quote::quote;

use super::messages::protected;
use super::policies::requirement;
use super::requirements::assert_messages;

#[test]
fn each_demanded_value_is_a_pair_of_its_member_and_its_text() {
    requirement(
        quote!(details(
            type = "payment_initiation",
            actions = all("initiate", "status"),
            locations = "https://api.example.com",
            datatypes = all("contacts"),
            identifier = "account-14",
            privileges = "admin"
        )),
        &expect![[r#"
            const REQUIREMENT: Requirement = ::axum_protected::policy::Requirement::One(
                ::axum_protected::policy::Demand::Details(
                    ::axum_protected::policy::DetailsDemand::new(
                        "payment_initiation",
                        &[
                            (::axum_protected::policy::DetailsMember::Actions, "initiate"),
                            (::axum_protected::policy::DetailsMember::Actions, "status"),
                            (
                                ::axum_protected::policy::DetailsMember::Locations,
                                "https://api.example.com",
                            ),
                            (::axum_protected::policy::DetailsMember::Datatypes, "contacts"),
                            (::axum_protected::policy::DetailsMember::Identifier, "account-14"),
                            (::axum_protected::policy::DetailsMember::Privileges, "admin"),
                        ],
                    ),
                ),
            );
        "#]],
    );
    requirement(
        quote!(details(type = "account")),
        &expect![[r#"
        const REQUIREMENT: Requirement = ::axum_protected::policy::Requirement::One(
            ::axum_protected::policy::Demand::Details(
                ::axum_protected::policy::DetailsDemand::new("account", &[]),
            ),
        );
    "#]],
    );
}

#[test]
fn details_can_be_combined() {
    for args in [
        "details(type = \"payment_initiation\",)",
        "details(actions = all(\"a\", \"b\",), type = \"t\")",
        "all(details(type = \"a\"), details(type = \"b\"))",
        "any(details(type = \"a\", identifier = \"1\"), details(type = \"a\", identifier = \"2\"))",
        "scope = \"payments:write\", details(type = r#\"a \"b\" c\"#), proof = dpop",
    ] {
        assert_eq!(protected(args), <[&str; 0]>::default(), "{args}");
    }
}

#[test]
fn mistakes_in_the_list_name_their_fix() {
    assert_messages(
        &[
            "details",
            "details = \"payment_initiation\"",
            "details \"payment_initiation\"",
            "details()",
            "details(\"payment_initiation\")",
            "details(payment_initiation)",
            "details(actions = \"initiate\")",
            "details(type = \"\")",
            "details(type = \"a\\nb\")",
            "details(type = payment)",
            "details(type)",
            "details(type(\"a\"))",
            "details(type == \"a\")",
            "details(type = all(\"a\", \"b\"))",
            "details(type = any(\"a\", \"b\"))",
            "details(type = \"a\", type = \"b\")",
            "details(type = \"a\", action = \"b\")",
            "details(type = \"a\", amount = 5)",
            "details(type = \"a\", crate = ::x)",
            "details(type = \"a\", actions = \"b\", actions = \"c\")",
            "details(type = \"a\", identifier = \"b\", identifier = \"c\")",
        ],
        &expect![[r#"
            details
                `details` takes a list in parentheses: write `details(type = "payment_initiation")`
            details = "payment_initiation"
                `details` takes a list in parentheses: write `details(type = "payment_initiation")`
            details "payment_initiation"
                `details` takes a list in parentheses: write `details(type = "payment_initiation")`
            details()
                `details()` is empty: write `details(type = "payment_initiation")`
            details("payment_initiation")
                the key is missing: write `type = "payment_initiation"`
            details(payment_initiation)
                unknown key `payment_initiation`: write one of `type`, `actions`, `locations`, `datatypes`, `identifier`, `privileges`
            details(actions = "initiate")
                the `type` of the details is missing: write `details(type = "payment_initiation")`
            details(type = "")
                the value of `type` is empty: write `type = "payment_initiation"`
            details(type = "a\nb")
                the string cannot contain `\n`: use visible characters on one line
            details(type = payment)
                the value must be a string: write `type = "payment_initiation"`
            details(type)
                `type` needs a value: write `type = "payment_initiation"`
            details(type("a"))
                `type` takes its value after `=`: write `type = "a"`
            details(type == "a")
                the value must be a string: write `type = "payment_initiation"`
            details(type = all("a", "b"))
                `type` takes one string: write the alternatives outside, as in `any(details(...), details(...))`
            details(type = any("a", "b"))
                `type` takes one string: write the alternatives outside, as in `any(details(...), details(...))`
            details(type = "a", type = "b")
                duplicate key `type`: remove one, or write `any(details(...), details(...))` for alternatives
            details(type = "a", action = "b")
                unknown key `action`: did you mean `actions`?
            details(type = "a", amount = 5)
                unknown key `amount`: write one of `type`, `actions`, `locations`, `datatypes`, `identifier`, `privileges`
            details(type = "a", crate = ::x)
                unknown key `crate`: write one of `type`, `actions`, `locations`, `datatypes`, `identifier`, `privileges`
            details(type = "a", actions = "b", actions = "c")
                duplicate key `actions`: write one `actions = all("a", "b")`
            details(type = "a", identifier = "b", identifier = "c")
                duplicate key `identifier`: remove one, or write `any(details(...), details(...))` for alternatives
        "#]],
    );
}

#[test]
fn mistakes_in_values_name_their_fix() {
    assert_messages(
        &[
            "details(type = \"a\", identifier = all(\"b\", \"c\"))",
            "details(type = \"a\", actions = [\"b\", \"c\"])",
            "details(type = \"a\", actions = (\"b\", \"c\"))",
            "details(type = \"a\", actions = \"b\" | \"c\")",
            "details(type = \"a\", actions = any(\"b\", \"c\"))",
            "details(type = \"a\", actions(\"b\", \"c\"))",
            "details(type = \"a\", actions = all[\"b\"])",
            "details(type = \"a\", actions = all())",
            "details(type = \"a\", actions = all(,))",
            "details(type = \"a\", actions = all(\"b\",, \"c\"))",
            "details(type = \"a\", actions = all(\"b\" \"c\"))",
            "details(type = \"a\", actions = all(\"b\" + \"c\"))",
            "details(type = \"a\", actions = all(\"b\", \"b\"))",
            "details(type = \"a\", actions = all(\"b\", \" \"))",
            "details(type = \"a\", actions = all(b, 1, b\"c\", all(\"d\")))",
            "details(type = \"a\" actions = \"b\")",
            "details(tpye = \"a\", actions = \"\", privilege = \"b\", datatypes = all())",
            "detail(type = \"a\")",
            "details(type = \"a\"), details(type = \"b\")",
        ],
        &expect![[r#"
            details(type = "a", identifier = all("b", "c"))
                `identifier` takes one string: write the alternatives outside, as in `any(details(...), details(...))`
            details(type = "a", actions = ["b", "c"])
                `actions` takes one string or `all(...)` of strings: write `actions = all("a", "b")`, or write the alternatives outside, as in `any(details(...), details(...))`
            details(type = "a", actions = ("b", "c"))
                `actions` takes one string or `all(...)` of strings: write `actions = all("a", "b")`, or write the alternatives outside, as in `any(details(...), details(...))`
            details(type = "a", actions = "b" | "c")
                `actions` takes one string or `all(...)` of strings: write `actions = all("a", "b")`, or write the alternatives outside, as in `any(details(...), details(...))`
            details(type = "a", actions = any("b", "c"))
                `actions` takes one string or `all(...)` of strings: write `actions = all("a", "b")`, or write the alternatives outside, as in `any(details(...), details(...))`
            details(type = "a", actions("b", "c"))
                `actions` takes one string or `all(...)` of strings: write `actions = all("a", "b")`, or write the alternatives outside, as in `any(details(...), details(...))`
            details(type = "a", actions = all["b"])
                `actions` takes one string or `all(...)` of strings: write `actions = all("a", "b")`, or write the alternatives outside, as in `any(details(...), details(...))`
            details(type = "a", actions = all())
                `all()` is empty: write `actions = all("a", "b")`
            details(type = "a", actions = all(,))
                nothing precedes a comma here: write `actions = all("a", "b")`
            details(type = "a", actions = all("b",, "c"))
                nothing precedes a comma here: write `actions = all("a", "b")`
            details(type = "a", actions = all("b" "c"))
                missing comma: write one before `"c"`
            details(type = "a", actions = all("b" + "c"))
                `all(...)` takes strings and commas: write `actions = all("a", "b")`
            details(type = "a", actions = all("b", "b"))
                `"b"` is already in `actions`: remove it
            details(type = "a", actions = all("b", " "))
                the value of `actions` is empty: write `actions = "initiate"`
            details(type = "a", actions = all(b, 1, b"c", all("d")))
                `all(...)` takes only strings here: write `actions = all("a", "b")`
                the value must be a string: write `actions = all("a", "b")`
                the value must be a string: write `actions = all("a", "b")`
                `all(...)` takes only strings here: write `actions = all("a", "b")`
            details(type = "a" actions = "b")
                missing comma: write one before `actions`
            details(tpye = "a", actions = "", privilege = "b", datatypes = all())
                the `type` of the details is missing: write `details(type = "payment_initiation")`
                unknown key `tpye`: did you mean `type`?
                the value of `actions` is empty: write `actions = "initiate"`
                unknown key `privilege`: did you mean `privileges`?
                `all()` is empty: write `datatypes = all("a", "b")`
            detail(type = "a")
                unknown key `detail`: did you mean `details`?
            details(type = "a"), details(type = "b")
                duplicate key `details`: write `all(...)` to require both or `any(...)` to require one of them
                duplicate key `details`: write `all(...)` to require both or `any(...)` to require one of them
        "#]],
    );
}
