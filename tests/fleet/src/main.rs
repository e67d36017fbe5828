//! Causes faults in a fleet of `items-api` processes, and prints a table of the effects. See
//! `README.md`.

use std::process::ExitCode;

#[tokio::main(worker_threads = 4)]
async fn main() -> ExitCode {
    fleet::run(std::env::args().skip(1)).await
}
