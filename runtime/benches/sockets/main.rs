//! Measures the cost of the guard over sockets: the number of requests per second with and without
//! the guard.
//!
//! `cargo bench -p axum-protected --bench sockets` needs the program `wrk` from the Debian package
//! `wrk`. The bench measures the two handlers alternately, with the same header, on the same
//! server.
#![allow(clippy::unwrap_used, reason = "a bench stops at an error")]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "other benches use the rest")]
mod common;
mod load;

use std::net::SocketAddr;

use axum::Router;
use axum_protected::{Algorithm, ResourceServer};
use axum_protected_testing::SigningKeys;
use common::tokens::{AUDIENCE, issuer, token};
use common::{app, table};

const ISSUER: &str = "https://id.example.com/realms/acme";
const ROUNDS: usize = 5;

fn main() {
    let keys = SigningKeys::generate(&[Algorithm::RS256]).unwrap();
    let server = ResourceServer::builder().issuer(issuer(ISSUER, &keys.jwks())).audience(AUDIENCE);
    let address = serve(app::router(server.build().unwrap()));
    let token = token(&keys, ISSUER, Algorithm::RS256).sign();
    let [mut plain, mut protected] = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        plain.push(load::requests_a_second(address, app::PLAIN, &token));
        protected.push(load::requests_a_second(address, app::PROTECTED, &token));
    }
    let [plain, protected] = [plain, protected].map(median);
    println!("\nover sockets, the same RS256 token each time; medians\n");
    let row = |name: &str, rate: f64| {
        let ratio = table::ratio(rate, Some(plain));
        vec![name.to_owned(), format!("{rate:.0}"), ratio]
    };
    let rows = [row("plain handler", plain), row("protected handler", protected)];
    table::print(&["", "requests/s", "x plain"], &rows);
}

/// Serves the router on a background thread, and returns the address of the server.
fn serve(router: Router) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    std::thread::spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    address
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_unstable_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap()
}
