//! A load generator that sends requests on several threads in parallel.

use std::sync::Barrier;
use std::time::Duration;

use axum::Router;
use http::StatusCode;

use crate::common::{app, request, watch};

/// Sends each list of headers on its own thread, and returns the time of each thread.
pub(crate) fn send(router: &Router, lists: &[Vec<&str>]) -> Vec<Duration> {
    let start = &Barrier::new(lists.len());
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            lists.iter().map(|list| scope.spawn(move || send_one(router, list, start))).collect();
        let times = threads.into_iter().map(|thread| thread.join().unwrap());
        times.collect()
    })
}

fn send_one(router: &Router, list: &[&str], start: &Barrier) -> Duration {
    let requests = list
        .iter()
        .map(|authorization| request::build(app::PROTECTED, Some(authorization)))
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    // Each thread has its own clone of the router, like each connection of a server.
    let router = router.clone();
    start.wait();
    watch::time(|| runtime.block_on(request::send(&router, requests, StatusCode::OK)))
}
