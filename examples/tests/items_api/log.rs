//! Tests the events that `RUST_LOG` selects.

use std::io::Read;

use super::PROGRAM;
use super::printed_requests;
use super::program::Running;

/// Sends the printed requests to a program with these variables, and returns its log.
async fn log(variables: &[(&str, &str)]) -> String {
    let mut running = Running::start_with(PROGRAM, "ITEMS_API_ADDR", variables);
    printed_requests::answers(&mut running).await;
    running.child.kill().unwrap();
    let mut log = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    log
}

#[tokio::test]
async fn rust_log_selects_the_events() {
    let debug = " DEBUG axum_protected: ";
    let refused = " INFO axum_protected: ";
    let default = log(&[("NO_COLOR", "1")]).await;
    assert!(default.contains(refused) && !default.contains(" DEBUG"), "{default}");
    let detailed = log(&[("NO_COLOR", "1"), ("RUST_LOG", "axum_protected=debug")]).await;
    assert!(detailed.contains(refused) && detailed.contains(debug), "{detailed}");
    assert_eq!(log(&[("RUST_LOG", "off")]).await, "");
}
