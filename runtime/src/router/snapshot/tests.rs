use super::*;
use crate::policy::DetailsMember::Actions;
use crate::policy::test_requirements::{
    acr, check, claim, client, declared, details, issuer, max_age, policy, proof, role, scope,
};
use crate::policy::{
    ClaimValue, DetailsDemand, Operation, PublicOperation, Requirement, ScopeEntry,
};
use crate::possession::Proof;
use crate::router::{Access, AccessRow};

fn table(routes: &[(&'static str, &str, Access)]) -> AccessTable {
    let mut table = AccessTable::default();
    for (method, path, access) in routes {
        table.add(AccessRow::new(method, path, *access)).unwrap();
    }
    table
}

const fn protected(requirement: Requirement) -> Access {
    Access::Protected(Operation::new("operation", requirement))
}

const fn public(reason: &'static str) -> Access {
    Access::Public(PublicOperation::new("handler", reason))
}

fn changes(before: &AccessTable, now: &AccessTable) -> Vec<String> {
    match now.compare(&before.to_snapshot()) {
        Ok(()) => Vec::new(),
        Err(changes) => changes.to_string().lines().map(str::to_owned).collect(),
    }
}

#[test]
fn the_kind_of_a_change_depends_on_the_callers_that_it_allows() {
    use Requirement::{All, Any};
    const ADMIN: &Operation = &Operation::new("admin", scope("admin"));
    const DPOP: Requirement = proof(Proof::Dpop);
    const MTLS: Requirement = proof(Proof::Mtls);
    const PAY: Requirement = details(DetailsDemand::new("payment", &[(Actions, "initiate")]));
    const STATUS: Requirement = details(DetailsDemand::new("payment", &[(Actions, "status")]));
    const PAY_ALL: Requirement =
        details(DetailsDemand::new("payment", &[(Actions, "initiate"), (Actions, "status")]));
    const ACCOUNT: Requirement = details(DetailsDemand::new("account", &[(Actions, "initiate")]));
    const CASES: &[(Access, Access, Option<ChangeKind>)] = &[
        (protected(scope("a")), protected(scope("a")), None),
        (protected(scope("admin")), protected(policy(0, ADMIN)), None),
        (protected(scope("a")), protected(declared(ScopeEntry::new("a", "", &[]))), None),
        (
            protected(declared(ScopeEntry::new("a", "", &[]))),
            protected(declared(ScopeEntry::new("a", "", &["b"]))),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(claim(&["a.b"], ClaimValue::Integer(1))),
            protected(claim(&["a", "b"], ClaimValue::Integer(1))),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(All(&[check(0, "inline check"), check(1, "inline check")])),
            protected(Any(&[check(0, "inline check"), check(1, "inline check")])),
            Some(ChangeKind::Weaker),
        ),
        (protected(scope("a")), protected(scope("b")), Some(ChangeKind::Weaker)),
        (protected(scope("a")), protected(role("a")), Some(ChangeKind::Weaker)),
        (protected(All(&[scope("a"), DPOP])), protected(scope("a")), Some(ChangeKind::Weaker)),
        (protected(DPOP), protected(All(&[])), Some(ChangeKind::Weaker)),
        (protected(DPOP), protected(MTLS), Some(ChangeKind::Weaker)),
        (protected(DPOP), protected(Any(&[DPOP, MTLS])), Some(ChangeKind::Weaker)),
        (protected(DPOP), protected(All(&[DPOP, MTLS])), Some(ChangeKind::Stronger)),
        (protected(scope("a")), protected(All(&[scope("a"), DPOP])), Some(ChangeKind::Stronger)),
        (protected(PAY), protected(All(&[])), Some(ChangeKind::Weaker)),
        (protected(PAY_ALL), protected(PAY), Some(ChangeKind::Weaker)),
        (protected(PAY), protected(PAY_ALL), Some(ChangeKind::Stronger)),
        (protected(PAY_ALL), protected(All(&[PAY_ALL, PAY])), Some(ChangeKind::Reworded)),
        (protected(PAY_ALL), protected(All(&[PAY, STATUS])), Some(ChangeKind::Weaker)),
        (protected(All(&[PAY, STATUS])), protected(PAY_ALL), Some(ChangeKind::Stronger)),
        (protected(PAY), protected(STATUS), Some(ChangeKind::Weaker)),
        (protected(PAY), protected(ACCOUNT), Some(ChangeKind::Weaker)),
        (protected(scope("a")), protected(All(&[])), Some(ChangeKind::Weaker)),
        (protected(scope("a")), public("probe"), Some(ChangeKind::Weaker)),
        (
            protected(All(&[scope("a"), scope("b")])),
            protected(scope("a")),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(scope("a")),
            protected(Any(&[scope("a"), scope("b")])),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(scope("a")),
            protected(All(&[scope("a"), scope("b")])),
            Some(ChangeKind::Stronger),
        ),
        (public("probe"), protected(All(&[])), Some(ChangeKind::Stronger)),
        (protected(All(&[])), protected(Any(&[])), Some(ChangeKind::Stronger)),
        (
            protected(All(&[scope("a"), scope("b")])),
            protected(All(&[scope("b"), scope("a")])),
            Some(ChangeKind::Reworded),
        ),
        (public("probe"), public("liveness probe"), Some(ChangeKind::Reworded)),
    ];
    for (before, now, kind) in CASES {
        let [before, now] = [before, now].map(|access| table(&[("GET", "/", *access)]));
        let changes = now.compare(&before.to_snapshot());
        let found = changes.err().map(|changes| changes.iter().next().unwrap().kind);
        assert_eq!(found, *kind, "{before} {now}");
    }
}

const fn protected_page(requirement: Requirement) -> Access {
    Access::Protected(Operation::new("operation", requirement).page())
}

const fn public_page(reason: &'static str) -> Access {
    Access::Public(PublicOperation::new("handler", reason).page())
}

#[test]
fn a_route_that_becomes_a_page_is_weaker() {
    use Requirement::All;
    const BOTH: Requirement = All(&[scope("a"), scope("b")]);
    let (protected_a, page_a) = (protected(scope("a")), protected_page(scope("a")));
    let cases = [
        (protected_a, page_a, "WEAKER GET /: a -> a, page"),
        (page_a, protected_a, "stronger GET /: a, page -> a"),
        (page_a, page_a, ""),
        (protected_a, protected_page(BOTH), "WEAKER GET /: a -> a and b, page"),
        (page_a, protected(BOTH), "stronger GET /: a, page -> a and b"),
        (page_a, protected_page(BOTH), "stronger GET /: a, page -> a and b, page"),
        (protected_page(BOTH), protected_a, "WEAKER GET /: a and b, page -> a"),
        (public("x"), public_page("x"), "WEAKER GET /: public (x) -> public (x), page"),
        (public_page("x"), public("x"), "stronger GET /: public (x), page -> public (x)"),
        (public("x"), page_a, "stronger GET /: public (x) -> a, page"),
        (page_a, public("x"), "WEAKER GET /: a, page -> public (x)"),
    ];
    for (before, now, change) in cases {
        let [before, now] = [before, now].map(|access| table(&[("GET", "/", access)]));
        assert_eq!(changes(&before, &now).concat(), change);
    }
    let [before, now] = [protected_a, page_a].map(|access| table(&[("POST", "/", access)]));
    assert_eq!(changes(&before, &now), [""; 0], "a request by POST is not a link");
}

#[test]
fn changes_are_described_with_weaker_routes_first() {
    let before = table(&[
        ("GET", "/items", protected(scope("items:read"))),
        ("DELETE", "/items/{id}", protected(scope("items:admin"))),
        ("GET", "/old", public("legacy")),
    ]);
    let now = table(&[
        ("GET", "/items", protected(scope("items:read"))),
        ("POST", "/items", protected(scope("items:write"))),
        ("DELETE", "/items/{id}", protected(scope("items:write"))),
    ]);
    assert_eq!(
        changes(&before, &now),
        [
            "WEAKER DELETE /items/{id}: items:admin -> items:write",
            "new POST /items: items:write",
            "gone GET /old: public (legacy)",
        ]
    );
    assert_eq!(changes(&now, &now), [""; 0]);
}

#[test]
fn a_file_that_is_not_a_snapshot_counts_as_weaker() {
    let route = table(&[("GET", "/", public("probe"))]);
    for file in [
        "",
        "{",
        "[]",
        "null",
        "{\"GET /\": 7}",
        "garbage",
        "<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n",
        "{\"GET /\": {\"public\": \"a\"}, \"GET /\": {\"public\": \"probe\"}}",
        "{\"GET /{a}\": {\"public\": \"a\"}, \"GET /{b}\": {\"public\": \"probe\"}}",
    ] {
        for now in [&route, &AccessTable::default()] {
            let changes = now.compare(file).unwrap_err();
            let expected =
                "WEAKER every route: the file is not a snapshot, or lists a route twice\n";
            assert_eq!(changes.to_string(), expected, "{file}");
        }
    }
    let changes = route.compare("{}").unwrap_err();
    assert_eq!(changes.to_string(), "new GET /: public (probe)\n");
}

const fn owned(owner: &'static str, requirement: Requirement) -> Access {
    Access::Protected(Operation::new(owner, requirement))
}

#[test]
fn a_check_is_identified_by_its_absolute_path() {
    use Requirement::All;
    const OWNS: Requirement = check(0, "owns");
    const A: Requirement = policy(0, &Operation::new("app::a::P", OWNS));
    const B: Requirement = policy(1, &Operation::new("app::b::P", OWNS));
    const INLINE: &[Requirement] = &[check(0, "inline check"), check(1, "inline check")];
    let cases = [
        (owned("app::h", A), owned("app::h", B), true),
        (owned("app::h", All(&[A, B])), owned("app::h", B), true),
        (owned("app::h", B), owned("app::h", All(&[A, B])), false),
        (owned("app::a::h", OWNS), owned("app::b::h", OWNS), true),
        (owned("app::a::h", OWNS), owned("app::a::other", check(3, "owns")), false),
        (owned("app::a::h", OWNS), owned("app::h", check(0, "a::owns")), false),
        (owned("app::a::h", OWNS), owned("app::b::h", check(0, "crate::a::owns")), false),
        (owned("app::a::h", OWNS), owned("app::b::h", check(0, "super::a::owns")), false),
        (owned("app::a::h", OWNS), owned("app::a::h", check(0, "self::owns")), false),
        (owned("read", OWNS), owned("write", OWNS), true),
        (owned("app::h", All(INLINE)), owned("app::h", INLINE[0]), true),
        (owned("app::h", INLINE[0]), owned("app::h", INLINE[1]), true),
        (owned("app::h", INLINE[0]), owned("app::i", INLINE[0]), true),
    ];
    for (before, now, is_weaker) in cases {
        let [before, now] = [before, now].map(|access| table(&[("GET", "/", access)]));
        let changes = changes(&before, &now);
        let found = changes.iter().any(|change| change.starts_with("WEAKER"));
        assert_eq!(found, is_weaker, "{before} {now} {changes:?}");
    }
    let inline = table(&[("GET", "/", owned("app::h", INLINE[1]))]);
    assert!(inline.to_snapshot().contains(r#""check \"inline check\" 1 of app::h""#));
}

#[test]
fn a_removed_or_new_route_is_compared_with_the_broader_route() {
    const ADMIN: Access = protected(Requirement::All(&[scope("read"), scope("admin")]));
    let (admin, read) = (ADMIN, protected(scope("read")));
    let open = public("page");
    // Each case has a table, a row, the change that `compare` reports if the row is removed, and
    // the change if the row is added.
    let cases = [
        (
            vec![("*", "/x", open)],
            ("GET", "/x", admin),
            "WEAKER GET /x: read and admin -> gone, and `* /x` answers instead: public (page)",
            "new GET /x: read and admin",
        ),
        (
            vec![("*", "/x", admin)],
            ("GET", "/x", read),
            "gone GET /x: read",
            "WEAKER GET /x: new, and `* /x` answered before: read and admin -> read",
        ),
        (
            vec![("GET", "/x", open)],
            ("HEAD", "/x", read),
            "WEAKER HEAD /x: read -> gone, and `GET /x` answers instead: public (page)",
            "new HEAD /x: read",
        ),
        (
            vec![("*", "/*", open)],
            ("GET", "/x/{id}", read),
            "WEAKER GET /x/{id}: read -> gone, and `* /*` answers instead: public (page)",
            "new GET /x/{id}: read",
        ),
        (
            vec![("*", "/*", open), ("*", "/in/*", read)],
            ("GET", "/in/x", admin),
            "WEAKER GET /in/x: read and admin -> gone, and `* /in/*` answers instead: read",
            "new GET /in/x: read and admin",
        ),
        (
            vec![("GET", "/x/{id}", open)],
            ("GET", "/x/me", read),
            "WEAKER GET /x/me: read -> gone, and `GET /x/{id}` answers instead: public (page)",
            "new GET /x/me: read",
        ),
        (
            vec![("GET", "/{page}", open), ("HEAD", "/{page}", admin)],
            ("*", "/x", read),
            "WEAKER * /x: read -> gone, and `GET /{page}` answers instead: public (page)",
            "WEAKER * /x: new, and `HEAD /{page}` answered before: read and admin -> read",
        ),
        (
            vec![("*", "/*", admin), ("GET", "/{a}", open)],
            ("GET", "/{a}/{*rest}", open),
            "gone GET /{a}/{*rest}: public (page)",
            "WEAKER GET /{a}/{*rest}: new, and `* /*` answered before: read and admin -> public (page)",
        ),
        (
            vec![("*", "/*", admin), ("GET", "/in/{a}/{b}", admin)],
            ("*", "/in/*", open),
            "gone * /in/*: public (page)",
            "WEAKER * /in/*: new, and `* /*` answered before: read and admin -> public (page)",
        ),
        // A request for a routed path with an HTTP method that has no handler gets 405 and does not
        // reach the fallback.
        (
            vec![("*", "/*", open), ("GET", "/x", open)],
            ("POST", "/x", admin),
            "gone POST /x: read and admin",
            "new POST /x: read and admin",
        ),
        // A service gets the requests of all HTTP methods for its own path.
        (
            vec![("*", "/x/*", open), ("GET", "/x", open)],
            ("POST", "/x", admin),
            "WEAKER POST /x: read and admin -> gone, and `* /x/*` answers instead: public (page)",
            "new POST /x: read and admin",
        ),
        // A literal segment precedes a parameter, also where the parameter comes first.
        (
            vec![("GET", "/{a}/b", admin)],
            ("GET", "/a/{b}", open),
            "gone GET /a/{b}: public (page)",
            "WEAKER GET /a/{b}: new, and `GET /{a}/b` answered before: read and admin -> public (page)",
        ),
        (
            vec![("GET", "/{a}/{b}/c", admin), ("GET", "/a/b/{*rest}", read)],
            ("GET", "/a/x-{n}/{*rest}", open),
            "gone GET /a/x-{n}/{*rest}: public (page)",
            "WEAKER GET /a/x-{n}/{*rest}: new, and `GET /{a}/{b}/c` answered before: read and admin -> public (page)",
        ),
        (
            vec![("GET", "/{a}/b", admin)],
            ("*", "/a/*", open),
            "gone * /a/*: public (page)",
            "WEAKER * /a/*: new, and `GET /{a}/b` answered before: read and admin -> public (page)",
        ),
        // A service precedes a fallback below it.
        (
            vec![("*", "/a/b/*", admin)],
            ("*", "/a/*", open),
            "gone * /a/*: public (page)",
            "WEAKER * /a/*: new, and `* /a/b/*` answered before: read and admin -> public (page)",
        ),
        (
            vec![("GET", "/{{x}}", open), ("*", "/xy/*", open)],
            ("GET", "/x", admin),
            "gone GET /x: read and admin",
            "new GET /x: read and admin",
        ),
    ];
    for (routes, row, lost, gained) in cases {
        let few = table(&routes);
        let many = table(&[routes, vec![row]].concat());
        assert_eq!(changes(&many, &few), [lost]);
        assert_eq!(changes(&few, &many), [gained]);
    }
}

#[test]
fn names_of_parameters_do_not_matter() {
    let admin = protected(scope("admin"));
    let paths = |id: &str, rest: &str, access| {
        table(&[
            ("GET", &format!("/x/{{{id}}}"), access),
            ("GET", &format!("/{{{{y}}}}/{{*{rest}}}"), access),
            ("*", &format!("/{{{id}}}/*"), access),
        ])
    };
    let before = paths("id", "rest", admin);
    assert_eq!(changes(&before, &paths("key", "path", admin)), [""; 0]);
    assert_eq!(
        changes(&before, &paths("key", "path", public("page"))),
        [
            "WEAKER * /{key}/*: admin -> public (page)",
            "WEAKER GET /x/{key}: admin -> public (page)",
            "WEAKER GET /{{y}}/{*path}: admin -> public (page)",
        ]
    );
}

#[test]
fn a_shorter_max_age_is_stronger_than_a_longer_one() {
    use Requirement::{All, Any};
    let cases = const {
        [
            (max_age(300), max_age(60), "stronger"),
            (max_age(60), max_age(300), "WEAKER"),
            (max_age(60), All(&[max_age(60), max_age(300)]), "reworded"),
            (max_age(300), Any(&[max_age(60), max_age(300)]), "reworded"),
            (max_age(300), Any(&[max_age(60), role("r")]), "WEAKER"),
            (Any(&[max_age(300), role("r")]), max_age(60), "stronger"),
        ]
    };
    for (before, now, kind) in cases {
        let [before, now] = [before, now].map(|demand| table(&[("GET", "/", protected(demand))]));
        let [change] = changes(&before, &now).try_into().unwrap();
        assert!(change.starts_with(kind), "{change}");
    }
}

#[test]
fn no_text_can_imitate_another_row_or_demand() {
    const PROTECTED: Access = protected(Requirement::All(&[
        role("a and items:admin"),
        client("b or c"),
        issuer("(d"),
        acr("e\"f"),
        check(0, "g h"),
        scope(""),
        role("urn:i/j-k_l"),
    ]));
    let open = public("x\nGET /admin: items:admin [src/x.rs:1]");
    let now = table(&[("GET", "/a\nGET /admin: x", open), ("GET", "/b", PROTECTED)]);
    let demands = r#"role "a and items:admin" and client "b or c" and issuer "(d" and acr "e\"f" and check "g h" and "" and role urn:i/j-k_l"#;
    let page = now.to_string();
    let lines: Vec<_> = page.lines().collect();
    let [one, other] = lines.try_into().unwrap();
    assert!(one.contains(r"x\nGET /admin: items:admin"), "{one}");
    assert!(other.starts_with(&format!("GET /b: {demands} [")), "{other}");
    assert_eq!(changes(&table(&[]), &now).len(), 2);
}

#[test]
fn policies_too_large_to_compare_count_as_weaker() {
    let scopes: Vec<Requirement> =
        (0..20).map(|number| scope(format!("scope{number}").leak())).collect();
    let scopes: &'static [Requirement] = scopes.leak();
    let before = table(&[("GET", "/", protected(Requirement::All(scopes)))]);
    let now = table(&[("GET", "/", protected(Requirement::All(&scopes[1..])))]);
    assert!(changes(&before, &now)[0].starts_with("WEAKER GET /"));
}
