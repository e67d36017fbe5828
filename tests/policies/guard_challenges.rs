//! Tests that the scopes in a challenge suffice, for every combination of a guard, a handler and the
//! scopes of a token.

use std::collections::BTreeSet;

use axum::response::Response;
use axum_protected::routing::get;
use axum_protected::{Policy, ProtectedLayer, ProtectedRouter, check, protected, public};

use crate::api::{Api, AppState, challenge};

type Routes = ProtectedRouter<AppState>;

const SCOPES: [&str; 4] = ["a", "b", "c", "d"];

macro_rules! policies {
    ($($name:ident($($policy:tt)*))*) => {$(
        #[derive(Policy)]
        #[policy($($policy)*)]
        struct $name;
    )*};
}

policies! {
    One(scope = "a")
    Either(any(scope = "a", scope = "b"))
    Both(all(scope = "a", scope = "b"))
    Nested(any(all(scope = "a", scope = "b"), scope = "c"))
    ByCheck(any(all(scope = "a", check = refuses), scope = "b"))
}

macro_rules! handlers {
    ($($name:ident($($policy:tt)*))*) => {$(
        #[protected($($policy)*)]
        async fn $name() {}
    )*};
}

handlers! {
    own(scope = "b")
    either(any(scope = "c", scope = "d"))
    both(all(scope = "c", scope = "d"))
    nested(any(all(scope = "a", scope = "c"), scope = "d"))
    overlapping(any(scope = "a", all(scope = "b", scope = "d")))
    by_check(any(all(scope = "c", check = refuses), scope = "d"))
    by_accepted_check(all(any(scope = "c", check = refuses), check = accepts))
    by_policy(any(policy = Both, scope = "d"))
}

#[check]
async fn refuses() -> bool {
    false
}

#[check]
async fn accepts() -> bool {
    true
}

#[public(reason = "a page")]
async fn page() {}

const PATHS: [&str; 9] = [
    "/own",
    "/either",
    "/both",
    "/nested",
    "/overlapping",
    "/by_check",
    "/by_accepted_check",
    "/by_policy",
    "/page",
];

fn routes() -> Routes {
    Routes::new()
        .route("/own", get(own))
        .route("/either", get(either))
        .route("/both", get(both))
        .route("/nested", get(nested))
        .route("/overlapping", get(overlapping))
        .route("/by_check", get(by_check))
        .route("/by_accepted_check", get(by_accepted_check))
        .route("/by_policy", get(by_policy))
        .route("/page", get(page))
}

fn guarded(state: AppState) -> Routes {
    Routes::new()
        .nest("/one", routes().guard(ProtectedLayer::<One, _>::new(state.clone())))
        .nest("/either", routes().guard(ProtectedLayer::<Either, _>::new(state.clone())))
        .nest("/both", routes().guard(ProtectedLayer::<Both, _>::new(state.clone())))
        .nest("/nested", routes().guard(ProtectedLayer::<Nested, _>::new(state.clone())))
        .nest("/by_check", routes().guard(ProtectedLayer::<ByCheck, _>::new(state.clone())))
        .nest(
            "/twice",
            routes()
                .guard(ProtectedLayer::<Either, _>::new(state.clone()))
                .guard(ProtectedLayer::<ByCheck, _>::new(state)),
        )
}

fn named(response: &Response) -> BTreeSet<String> {
    let challenge = challenge(response);
    let scopes = challenge.split_once("scope=\"").and_then(|(_, rest)| rest.split_once('"'));
    scopes.map_or_else(BTreeSet::new, |(scopes, _)| scopes.split(' ').map(str::to_owned).collect())
}

/// Returns every set of scopes.
fn sets() -> Vec<BTreeSet<String>> {
    let contains = |set: usize, index: usize| set >> index & 1 == 1;
    (0..1 << SCOPES.len())
        .map(|set| {
            SCOPES
                .iter()
                .enumerate()
                .filter(|(index, _)| contains(set, *index))
                .map(|(_, one)| (*one).to_owned())
                .collect()
        })
        .collect()
}

/// A guard does not know that a check of an inner guard will refuse, so it may name the scopes of an
/// alternative that fails later. Each check costs one further challenge.
#[tokio::test]
async fn the_named_scopes_suffice() {
    let api = Api::built_for(guarded).await;
    for guard in ["/one", "/either", "/both", "/nested", "/by_check", "/twice"] {
        for route in PATHS {
            let path = format!("{guard}{route}");
            let send = async |scopes: &BTreeSet<String>| {
                let scopes: Vec<_> = scopes.iter().map(String::as_str).collect();
                let token = api.issuer.token().scope(&scopes.join(" ")).sign();
                api.call("GET", &path, Some(&token)).await
            };
            let checks = path.matches("check").count() + path.matches("twice").count();
            for granted in sets() {
                let mut scopes = granted.clone();
                for challenges in 0.. {
                    let response = send(&scopes).await;
                    if response.status() == 200 {
                        break;
                    }
                    assert_eq!(response.status(), 403, "{path} {scopes:?}");
                    assert!(challenges <= checks, "{path} {granted:?}: {scopes:?}");
                    let before = scopes.len();
                    scopes.extend(named(&response));
                    assert!(scopes.len() > before, "{path} {granted:?}: {scopes:?}");
                }
            }
        }
    }
}
