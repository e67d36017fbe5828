//! Tests the access rules of the notes app, and the program as a process, with a client that sends
//! what a browser would send.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

mod access;
mod app;
mod browser;
mod configuration;
#[path = "../../notes-app/notes/mod.rs"]
mod notes;
mod page;
#[path = "../program/mod.rs"]
mod program;
mod sealed;
mod session;
mod sign_in;
mod websocket;
