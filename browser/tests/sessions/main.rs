//! Sessions of signed-in users at an authorization server, over real HTTP.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod application;
mod back_channel;
mod backends;
#[path = "../sign_in/browser.rs"]
#[allow(dead_code, reason = "another test uses all of it")]
mod browser;
mod logout;
mod refresh;
mod sealed;
mod session;
#[cfg(feature = "tower_sessions")]
mod store;
mod streams;
