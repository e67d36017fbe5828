//! Signs in at an authorization server, over real HTTP.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod application;
mod attacks;
mod browser;
mod flow;
mod logs;
mod scripted_provider;
mod token_responses;
