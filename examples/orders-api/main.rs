//! An orders API that shows the policy language: `cargo run --bin orders-api`.
//!
//! Read the files in this order:
//!
//! 1. `orders/scope.rs` declares the scopes of this API and the scopes that each of them implies.
//! 2. `orders/handlers.rs` has an attribute on each handler. A token must satisfy all requirements
//!    that an attribute separates by commas. `any(...)` lists alternatives: scopes, roles, claims,
//!    checks.
//! 3. `orders/policies.rs` has the named policies and the check. The check looks up the user of an
//!    order in the store, because a token does not list the orders of its user. A stricter policy
//!    includes another policy; `acr` requires a certain kind of sign-in, and `max_age` a recent
//!    sign-in.
//! 4. `orders/store.rs` requires a proof of authorization: functions that change an order take
//!    `&Authorized<CanChangeOrders>`, so that a call from an unguarded handler does not compile.
//! 5. `orders/mod.rs` is the router. The router accepts only handlers with an access attribute, so
//!    its access table is complete. `tests/orders_api.rs` compares this table with `access.json`.
//!
//! Without configuration the program runs its own development issuer and prints `curl` requests.
//! If `OAUTH_ISSUER` and `OAUTH_AUDIENCE` are set, or `ORDERS_API_CONFIG` is the path of a file in
//! TOML or JSON, the program accepts the tokens of the configured issuers and does not start a
//! development issuer. The program listens on `ORDERS_API_ADDR`, by default `127.0.0.1:3000`.

mod orders;
mod showcase;

use std::error::Error;
use std::process::ExitCode;

use serving::Serving;

#[tokio::main]
async fn main() -> ExitCode {
    serving::exit_code(run()).await
}

async fn run() -> Result<(), Box<dyn Error>> {
    let serving = Serving::open("ORDERS_API").await?;
    let app = orders::app(serving.resource_server())?;
    serving.announce(showcase::requests);
    serving.serve(app).await
}
