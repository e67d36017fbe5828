//! An API for payments: `cargo run --bin payments-api`. A stolen token is useless here, a request
//! counts once, and a token permits one payment, with the amount that the user has seen.
//!
//! Read the files in this order:
//!
//! 1. `payments/policies.rs` states the requirements: a scope, a proof of possession (DPoP, RFC
//!    9449), the user's consent to the payment (rich authorization requests, RFC 9396), and a strong
//!    and recent authentication (step-up, RFC 9470).
//! 2. `payments/consent.rs` reads the consent from the token, and compares the payment with it.
//! 3. `payments/handlers.rs` has the handlers. `initiate` gives a `ConsentedPayment` and the proof
//!    `Authorized<CanInitiate>` to the bank, which takes nothing else.
//! 4. `payments/bank.rs` makes a payment once. `payments/money.rs` has amounts without
//!    floating-point numbers.
//! 5. `payments/mod.rs` is the router. `tests/payments_api` compares its access table with
//!    `access.json`.
//! 6. `client` is the other side: a client that pushes its authorization request (RFC 9126), gets
//!    bound tokens, and makes a proof for each request.
//! 7. `embedded.rs` configures the resource server for the FAPI 2.0 Security Profile.
//! 8. `showcase.rs` has the requests of the demonstration, and `user.rs` plays the user.
//!
//! Without configuration the program runs its own authorization server, makes the requests of the
//! demonstration, prints them with their responses, and serves further requests. They are not `curl`
//! commands, because a proof is accepted once and for a minute.
//!
//! With an issuer of your own:
//!
//! | variable | value |
//! |---|---|
//! | `PAYMENTS_API_ADDR` | the address to listen on, by default `127.0.0.1:3000` |
//! | `PAYMENTS_API_CONFIG` | the path of a file in TOML or JSON with the settings of the resource server |
//! | `OAUTH_ISSUER` and the others of `ResourceServer::from_env` | the settings without a file |
//! | `RUST_LOG` | the events to log, by default `info` |
//!
//! The configuration needs `dpop`, and `resource` with the URL of the API. The issuer must bind its
//! tokens to keys, and state `authorization_details`, `acr` and `auth_time` in them or by
//! introspection.

mod client;
mod embedded;
mod payments;
mod showcase;
mod user;

use std::error::Error;
use std::process::ExitCode;

use serving::{Listening, address, configuration};

#[tokio::main]
async fn main() -> ExitCode {
    serving::exit_code(run()).await
}

async fn run() -> Result<(), Box<dyn Error>> {
    let address = address::from_environment("PAYMENTS_API_ADDR")?;
    if let Some(server) = configuration::resource_server("PAYMENTS_API_CONFIG").await? {
        let app = payments::app(server)?;
        let listening = Listening::open(address).await?;
        listening.announce();
        return listening.serve(app).await;
    }
    let listening = Listening::open(address).await?;
    let [origin, _] = address::origins(listening.address());
    let issuer = embedded::authorization_server(&origin).await?;
    let app = payments::app(embedded::resource_server(&issuer, &origin)?)?;
    listening.announce();
    embedded::announce(&issuer);
    // The listener is open, so the first request of the demonstration waits until the program serves.
    tokio::spawn(async move {
        match showcase::show(&origin, embedded::registration()).await {
            Ok(()) => println!("\nthe demonstration is over; the program goes on serving"),
            Err(error) => println!("\nthe demonstration failed: {error}"),
        }
    });
    // `issuer` keeps the authorization server running until this function returns.
    let result = listening.serve(app).await;
    drop(issuer);
    result
}
