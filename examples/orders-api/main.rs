//! An orders API, to learn policies from: `cargo run --bin orders-api`.
//!
//! Read it in this order:
//!
//! 1. `orders/scope.rs` is the vocabulary: the scopes of this API, and which of them imply others.
//! 2. `orders/handlers.rs` has an attribute on each handler. Requirements separated by commas must
//!    all be satisfied; `any(...)` lists alternatives: scopes, roles, claims, checks.
//! 3. `orders/policies.rs` has the check, which finds out what the token cannot say (the owner of
//!    an order), and the named policies. A stricter policy includes another one; `acr` and
//!    `max_age` require a recent sign-in.
//! 4. `orders/store.rs` requires the proof: functions that change an order take
//!    `&Authorized<CanChangeOrders>`, so that an unguarded call does not compile.
//! 5. `orders/mod.rs` is the router. It accepts only handlers with an access attribute, so its
//!    table is complete: see `access.json` and the two lines in `tests/orders_api.rs`.
//!
//! Without configuration it runs its own development issuer and prints requests to try. With
//! `OAUTH_ISSUER` and `OAUTH_AUDIENCE` it accepts the tokens of that issuer. It listens on
//! `ORDERS_API_ADDR`, by default `127.0.0.1:3000`.

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
    let serving = Serving::open("ORDERS_API_ADDR").await?;
    let app = orders::app(serving.resource_server())?;
    serving.announce(showcase::requests);
    serving.serve(app).await
}
