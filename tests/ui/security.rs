use axum_protected::{protected, public};

const SCOPE: &str = "a";

#[protected(scope = "a")]
#[utoipa::path(get, path = "/optional", security((), ("oauth2" = ["a"])))]
async fn optional() {}

#[protected(scope = "a")]
#[utoipa::path(get, path = "/unknown", security(("oauth2" = [SCOPE])))]
async fn unknown() {}

#[protected(scope = "a")]
#[utoipa::path(get, path = "/two", security(("oauth2" = ["a"], "api_key" = [])))]
async fn two_schemes() {}

#[protected(scope = "a")]
#[utoipa::path(get, path = "/none", security())]
async fn none() {}

#[public(reason = "a page for people")]
#[utoipa::path(get, path = "/public", security(("oauth2" = [])))]
async fn open() {}

fn main() {}
