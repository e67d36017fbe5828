//! Tests the program as a process, and its page in a browser.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

mod click;
mod document;
mod program;
mod webdriver;
