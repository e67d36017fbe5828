//! Tests the access matrix: what it must not report, and what it must find.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

mod api;
mod cases;
mod faults;
mod layers;
mod no_false_alarms;
mod settings;
