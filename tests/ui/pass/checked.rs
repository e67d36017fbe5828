//! Handlers that take the values of checks.

#![deny(warnings)]

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use axum_protected::{AccessToken, Authorized, Checked, Denied, Loaded, Policy, ResourceServer, check, protected};

/// A value that is neither `Clone` nor `Sync`.
pub struct Blog(std::cell::Cell<u8>);

#[check]
async fn load() -> Option<Loaded<Blog>> {
    Some(Loaded(Blog(std::cell::Cell::new(1))))
}

#[check]
async fn or_status(caller: AccessToken) -> Result<Loaded<String>, StatusCode> {
    Ok(Loaded(caller.subject().ok_or(StatusCode::NOT_FOUND)?.to_owned()))
}

#[check]
async fn or_denied() -> std::result::Result<axum_protected::Loaded<Vec<u8>>, Denied> {
    Ok(Loaded(Vec::new()))
}

mod blogs {
    use axum_protected::{Loaded, check};

    #[check]
    pub(crate) async fn r#match() -> Option<Loaded<u8>> {
        Some(Loaded(2))
    }

    #[derive(axum_protected::Policy)]
    #[policy(scope = "blogs:read", check = super::load)]
    pub(crate) struct CanRead;
}

#[derive(Policy)]
#[policy(any(policy = blogs::CanRead, all(role = "admin", check = load)))]
struct CanReadAll;

#[protected(scope = "a", all(check = load, check = or_status))]
async fn two(Checked(blog): Checked<load>, subject: Checked<or_status>) -> String {
    format!("{} {}", blog.0.get(), subject.len())
}

#[protected(any(role = "admin", check = or_denied))]
async fn optional(list: Option<Checked<or_denied>>) {
    if let Some(Checked(mut list)) = list {
        list.push(1);
    }
}

#[protected(check = or_denied)]
async fn needlessly_optional(mut list: Option<axum_protected::Checked<or_denied>>) {
    if let Some(list) = &mut list {
        list.push(1);
    }
}

#[protected(check = blogs::r#match)]
async fn another_path(_: Checked<self::blogs::r#match>) {}

#[protected(policy = blogs::CanRead)]
async fn by_policy(_: Authorized<blogs::CanRead>, _: Checked<load>) {}

#[protected(any(policy = CanReadAll, all(role = "editor", check = load)))]
async fn in_each_alternative(_: Checked<load>) {}

fn main() {
    let _: Router<ResourceServer> = Router::new()
        .route("/1", get(two))
        .route("/2", get(optional))
        .route("/3", get(needlessly_optional))
        .route("/4", get(another_path))
        .route("/5", get(by_policy))
        .route("/6", get(in_each_alternative));
}
