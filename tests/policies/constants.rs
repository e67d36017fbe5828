//! Tests permissions that live in tables: checks whose constants the attribute states.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum_protected::routing::{get, post};
use axum_protected::{AccessToken, Authorized, Policy, ProtectedRouter, check, protected};

use crate::api::{Api, AppState};

/// Not `Copy`, and not comparable.
#[derive(Debug)]
pub(crate) enum Permission {
    Read,
    Write,
    Named(&'static str),
}

pub(crate) const WRITE: Permission = Permission::Write;

mod roles {
    use super::{AccessToken, AppState, Permission, State, check};

    /// Only `alice` may write. Everyone may read.
    #[check]
    pub(in super::super) async fn can(
        #[constant] permission: Permission,
        State(state): State<AppState>,
        caller: AccessToken,
    ) -> bool {
        state.calls.lock().unwrap().push(match &permission {
            Permission::Read => "read",
            Permission::Write => "write",
            Permission::Named(name) => name,
        });
        matches!(permission, Permission::Read) || caller.subject() == Some("alice")
    }

    pub(super) mod owner {
        pub(in super::super) use super::can as may;
    }
}

use roles::can;

const fn named(name: &'static str) -> Permission {
    Permission::Named(name)
}

/// Has two constants with patterns, and a constant with a destructor.
#[check]
async fn is_within(
    #[constant] [first, last]: [u64; 2],
    #[constant] others: Vec<u64>,
    Path(id): Path<u64>,
) -> Result<bool, StatusCode> {
    if id == 0 {
        return Err(StatusCode::NOT_FOUND);
    }
    Ok((first..=last).contains(&id) || others.contains(&id))
}

#[derive(Policy)]
#[policy(check = can(WRITE))]
struct CanWrite;

#[protected(check = can(Permission::Read))]
async fn read() {}

#[protected(check = roles::owner::may ( Permission :: Write, ))]
async fn write() {}

#[protected(any(all(check = can(Permission::Read), role = "reader"), check = can(Permission::Write)))]
async fn either() {}

#[protected(all(check = can(named("a")), check = can(named("b"))))]
async fn both() {}

#[protected(policy = CanWrite)]
async fn by_policy(_: Authorized<CanWrite>) {}

#[protected(check = is_within([2, 4], Vec::new()))]
async fn range(Path(_): Path<u64>) {}

fn router() -> ProtectedRouter<AppState> {
    ProtectedRouter::new()
        .route("/read", get(read))
        .route("/write", get(write))
        .route("/either", get(either))
        .route("/both", get(both))
        .route("/policy", post(by_policy))
        .route("/range/{id}", get(range))
}

#[tokio::test]
async fn a_check_decides_by_the_constants_of_its_attribute() {
    let api = Api::of(router()).await;
    let as_user = |subject: &str, role: &str| {
        api.issuer.token().subject(subject).claim("roles", [role].as_slice()).sign()
    };
    let cases: [(&str, &str, &str, u16, &[&str]); _] = [
        ("GET", "/read", "alice", 200, &["read"]),
        ("GET", "/read", "bob", 200, &["read"]),
        ("GET", "/write", "alice", 200, &["write"]),
        ("GET", "/write", "bob", 403, &["write"]),
        // The two demands for the same function are two checks.
        ("GET", "/either", "alice", 200, &["write"]),
        ("GET", "/either", "bob", 403, &["write"]),
        ("GET", "/both", "alice", 200, &["a", "b"]),
        ("GET", "/both", "bob", 403, &["a"]),
        // The proof does not run the check again.
        ("POST", "/policy", "alice", 200, &["write"]),
        ("POST", "/policy", "bob", 403, &["write"]),
        ("GET", "/range/1", "alice", 403, &[]),
        ("GET", "/range/2", "alice", 200, &[]),
        ("GET", "/range/4", "alice", 200, &[]),
        ("GET", "/range/5", "alice", 403, &[]),
        ("GET", "/range/0", "alice", 404, &[]),
    ];
    for (method, path, user, status, calls) in cases {
        let token = as_user(user, "other");
        assert_eq!(
            api.status(method, path, &token).await,
            (status, calls.to_vec()),
            "{method} {path} as {user}"
        );
    }
    let reader = as_user("bob", "reader");
    assert_eq!(api.status("GET", "/either", &reader).await, (200, vec!["read"]));
    let writer = as_user("alice", "reader");
    assert_eq!(api.status("GET", "/either", &writer).await, (200, vec!["read"]));
}

#[test]
fn the_table_shows_the_constants() {
    let page = router().access_table().to_string();
    let lines = page.lines().filter_map(|line| line.split_once(" [").map(|(route, _)| route));
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            "GET /both: check can(named(\"a\")) and check can(named(\"b\"))",
            "GET /either: (check can(Permission::Read) and role reader) or check can(Permission::Write)",
            "POST /policy: check can(WRITE)",
            "GET /range/{id}: check is_within([2, 4], Vec::new())",
            "GET /read: check can(Permission::Read)",
            "GET /write: check roles::owner::may(Permission::Write)",
        ]
    );
}

mod before {
    use super::roles::owner::may;
    use super::{Permission, protected};

    #[protected(check = may(Permission::Write))]
    pub(super) async fn item() {}

    #[protected(check = super::can(Permission::Write))]
    pub(super) async fn other() {}
}

mod now {
    use super::roles::owner::may;
    use super::{Permission, protected};

    #[protected(check = may(Permission::Read))]
    pub(super) async fn item() {}

    #[protected(check = super::can(Permission::Write))]
    pub(super) async fn other() {}
}

#[test]
fn another_constant_is_a_change_of_the_snapshot() {
    let router = ProtectedRouter::<AppState>::new;
    let before = router().route("/a", get(before::item)).route("/b", get(before::other));
    let now = router().route("/a", get(now::item)).route("/b", get(now::other));
    let (before, now) = (before.access_table(), now.access_table());
    assert!(before.compare(&before.to_snapshot()).is_ok());
    // The constants of `/b` have the same text in two modules, where the text may have two meanings.
    assert_eq!(
        now.compare(&before.to_snapshot()).unwrap_err().to_string(),
        "\
WEAKER GET /a: check policies::constants::before::may(Permission::Write) -> check policies::constants::now::may(Permission::Read)
WEAKER GET /b: check policies::constants::can(Permission::Write) in policies::constants::before -> check policies::constants::can(Permission::Write) in policies::constants::now
"
    );
}
