use super::*;
use crate::policy::{ClaimValue, Operation, PublicOperation, ScopeEntry};
use crate::router::Route;

fn table(routes: &[(&'static str, &str, Access)]) -> AccessTable {
    let mut table = AccessTable::default();
    for (method, path, access) in routes {
        table.add(Route::new(method, path, *access)).unwrap();
    }
    table
}

fn protected(requirement: Requirement) -> Access {
    Access::Protected(Operation::new("operation", requirement))
}

fn public(reason: &'static str) -> Access {
    Access::Public(PublicOperation::new("handler", reason))
}

fn changes(before: &AccessTable, now: &AccessTable) -> Vec<String> {
    match now.compare(&before.to_snapshot()) {
        Ok(()) => Vec::new(),
        Err(changes) => changes.to_string().lines().map(str::to_owned).collect(),
    }
}

#[test]
fn each_change_is_named_by_what_it_lets_through() {
    use Requirement::{All, Any, Check, Claim, Declared, Named, Role, Scope};
    const ADMIN: &Operation = &Operation::new("admin", Scope("admin"));
    let cases: &[(Access, Access, Option<ChangeKind>)] = &[
        (protected(Scope("a")), protected(Scope("a")), None),
        (protected(Scope("admin")), protected(Named(0, ADMIN)), None),
        (
            protected(Scope("a")),
            protected(Declared(ScopeEntry::new("a", "", &[]))),
            None,
        ),
        (
            protected(Declared(ScopeEntry::new("a", "", &[]))),
            protected(Declared(ScopeEntry::new("a", "", &["b"]))),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(Claim(&["a.b"], ClaimValue::Integer(1))),
            protected(Claim(&["a", "b"], ClaimValue::Integer(1))),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(All(&[Check(0, "inline check"), Check(1, "inline check")])),
            protected(Any(&[Check(0, "inline check"), Check(1, "inline check")])),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(Scope("a")),
            protected(Scope("b")),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(Scope("a")),
            protected(Role("a")),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(Scope("a")),
            protected(All(&[])),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(Scope("a")),
            public("probe"),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(All(&[Scope("a"), Scope("b")])),
            protected(Scope("a")),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(Scope("a")),
            protected(Any(&[Scope("a"), Scope("b")])),
            Some(ChangeKind::Weaker),
        ),
        (
            protected(Scope("a")),
            protected(All(&[Scope("a"), Scope("b")])),
            Some(ChangeKind::Stronger),
        ),
        (
            public("probe"),
            protected(All(&[])),
            Some(ChangeKind::Stronger),
        ),
        (
            protected(All(&[])),
            protected(Any(&[])),
            Some(ChangeKind::Stronger),
        ),
        (
            protected(All(&[Scope("a"), Scope("b")])),
            protected(All(&[Scope("b"), Scope("a")])),
            Some(ChangeKind::Reworded),
        ),
        (
            public("probe"),
            public("liveness probe"),
            Some(ChangeKind::Reworded),
        ),
    ];
    for (before, now, kind) in cases {
        let [before, now] = [before, now].map(|access| table(&[("GET", "/", *access)]));
        let changes = now.compare(&before.to_snapshot());
        let found = changes.err().map(|changes| changes.0.first().unwrap().kind);
        assert_eq!(found, *kind, "{before} {now}");
    }
}

#[test]
fn weaker_routes_come_first_and_in_words() {
    let before = table(&[
        ("GET", "/items", protected(Requirement::Scope("items:read"))),
        (
            "DELETE",
            "/items/{id}",
            protected(Requirement::Scope("items:admin")),
        ),
        ("GET", "/old", public("legacy")),
    ]);
    let now = table(&[
        ("GET", "/items", protected(Requirement::Scope("items:read"))),
        (
            "POST",
            "/items",
            protected(Requirement::Scope("items:write")),
        ),
        (
            "DELETE",
            "/items/{id}",
            protected(Requirement::Scope("items:write")),
        ),
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
fn a_file_that_is_none_knows_no_route() {
    let now = table(&[("GET", "/", public("probe"))]);
    for file in ["", "{", "[]", "null", "{\"GET /\": 7}"] {
        let changes = now.compare(file).unwrap_err();
        assert_eq!(changes.to_string(), "new GET /: public (probe)\n", "{file}");
    }
}

#[test]
fn policies_too_large_to_compare_count_as_weaker() {
    let scopes: Vec<Requirement> = (0..20)
        .map(|number| Requirement::Scope(format!("scope{number}").leak()))
        .collect();
    let scopes: &'static [Requirement] = scopes.leak();
    let before = table(&[("GET", "/", protected(Requirement::All(scopes)))]);
    let now = table(&[("GET", "/", protected(Requirement::All(&scopes[1..])))]);
    assert!(changes(&before, &now)[0].starts_with("WEAKER GET /"));
}
