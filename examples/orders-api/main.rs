//! An orders API, to learn policies from: `cargo run --bin orders-api`.
//!
//! Read it in this order:
//!
//! 1. `orders/scope.rs` is the vocabulary: the scopes that this API knows, and which imply which.
//! 2. `orders/handlers.rs` says above each handler who may call it. Requirements with commas between
//!    them must all be satisfied; `any(...)` is for alternatives: scopes, roles, claims, checks.
//! 3. `orders/policies.rs` has the check, which knows what no token says (whose order it is), and the
//!    policies with a name. A stricter policy is made of another one; `acr` and `max_age` send the
//!    user back to sign in.
//! 4. `orders/store.rs` wants the proof: what changes an order takes `&Authorized<CanChangeOrders>`,
//!    so that whoever forgets to ask cannot compile.
//! 5. `orders/mod.rs` is the router, which takes no handler that does not say who may call it, and
//!    so knows all of them: see `access.json`, and the two lines in `tests/orders_api.rs`.
//!
//! Without configuration it brings an issuer of its own and prints requests to try. With
//! `OAUTH_ISSUER` and `OAUTH_AUDIENCE` it accepts the tokens of a real one. `ORDERS_API_ADDR` is
//! where it listens, `127.0.0.1:3000` unless set.

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
