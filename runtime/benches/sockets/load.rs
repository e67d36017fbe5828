//! The load generator, which calls the program `wrk`.

use std::net::SocketAddr;
use std::process::Command;

/// Returns the number of requests per second on 64 connections, measured for 5 s.
pub(crate) fn requests_a_second(address: SocketAddr, path: &str, token: &str) -> f64 {
    let output = Command::new("wrk")
        .args(["--threads", "1", "--connections", "64", "--duration", "5s"])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .arg(format!("http://{address}{path}"))
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(!report.contains("Non-2xx"), "{report}");
    let rate = report.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
    rate.and_then(|rate| rate.trim().parse().ok()).unwrap()
}
