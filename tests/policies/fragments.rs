//! Tests checks with expressions that a `macro_rules!` macro inserts. The inserted expression stays
//! one expression: `!$closed` negates all of `$closed`, not only its first operand.

use axum::extract::State;
use axum_protected::router::ProtectedMethodRouter;
use axum_protected::routing::get;
use axum_protected::{Denied, ProtectedRouter, check, protected};

use crate::api::{Api, AppState};

/// Makes the routes of a shop. Each route refuses a request if `$closed` is true.
macro_rules! shop {
    (
        $closed:expr,
        $whole:expr,
        $named:path,
        ($pattern:pat_param in $extractor:ty) -> $answer:ty $block:block
    ) => {{
        #[protected(check = async || !$closed)]
        async fn negated() {}

        #[protected(check = async || !$closed && !$closed, scope = "orders:read")]
        async fn joined() {}

        #[protected(any(check = async || $closed as u8 == 0, scope = "orders:admin"))]
        async fn compared() {}

        #[protected(check = async |$pattern: $extractor| !$closed)]
        async fn with_an_argument() {}

        #[protected(check = async move || if $closed { false } else { true })]
        async fn as_a_condition() {}

        #[protected(check = async || { !$closed })]
        async fn in_a_block() {}

        #[protected(check = || async { !$closed })]
        async fn in_a_future() {}

        #[protected(check = $whole)]
        async fn as_a_closure() {}

        #[protected(check = $named)]
        async fn by_its_path() {}

        #[protected(check = async || -> $answer $block)]
        async fn as_a_body() {}

        #[check]
        async fn is_open() -> bool {
            !$closed
        }

        #[protected(check = is_open)]
        async fn in_a_function() {}

        [
            ("negated", get(negated)),
            ("joined", get(joined)),
            ("compared", get(compared)),
            ("with_an_argument", get(with_an_argument)),
            ("as_a_condition", get(as_a_condition)),
            ("in_a_block", get(in_a_block)),
            ("in_a_future", get(in_a_future)),
            ("as_a_closure", get(as_a_closure)),
            ("by_its_path", get(by_its_path)),
            ("as_a_body", get(as_a_body)),
            ("in_a_function", get(in_a_function)),
        ]
    }};
}

const SUNDAY: bool = true;
const NIGHT: bool = true;
const HOLIDAY: bool = false;
const INVENTORY: bool = false;

#[check]
async fn is_day() -> bool {
    !NIGHT
}

#[check]
async fn is_no_holiday() -> bool {
    !HOLIDAY
}

type Routes = [(&'static str, ProtectedMethodRouter<AppState>); 11];

async fn each_answers(shop: Routes, status: u16) {
    let names = shop.each_ref().map(|(name, _)| *name);
    let mut router = ProtectedRouter::new();
    for (name, route) in shop {
        router = router.route(&format!("/{name}"), route);
    }
    let api = Api::of(router).await;
    let token = api.issuer.token().scope("orders:read").sign();
    let mut others = Vec::new();
    for name in names {
        let (answered, _) = api.status("GET", &format!("/{name}"), &token).await;
        if answered != status {
            others.push((name, answered));
        }
    }
    assert_eq!(others, [], "not {status}");
}

#[tokio::test]
async fn a_closed_shop_refuses_every_caller() {
    let shop = shop!(
        SUNDAY || NIGHT,
        async || !SUNDAY && !NIGHT,
        is_day,
        (State(_) in State<AppState>) -> Result<(), Denied> { Err(Denied) }
    );
    each_answers(shop, 403).await;
}

#[tokio::test]
async fn an_open_shop_grants_callers() {
    let shop = shop!(
        HOLIDAY || INVENTORY,
        async || !HOLIDAY && !INVENTORY,
        is_no_holiday,
        (State(_) in State<AppState>) -> Result<(), Denied> { Ok(()) }
    );
    each_answers(shop, 200).await;
}
