//! The program as a user runs it, and its page as a browser shows it.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

mod click;
mod document;
mod program;
mod webdriver;
