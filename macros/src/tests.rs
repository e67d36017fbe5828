//! What the attributes become, and what they say.

#![allow(clippy::needless_raw_string_hashes, reason = "snapshots are written with hashes")]

mod closures;
mod declarations;
mod demands;
mod expansion;
mod messages;
mod policies;
mod questions;
mod requirements;
mod security;
mod taken;
