//! Tests of the expansions and the error messages of the attributes and derives.

#![allow(clippy::needless_raw_string_hashes, reason = "snapshots are written with hashes")]

mod assertions;
mod checked_extractors;
mod closures;
mod constants;
mod declarations;
mod demands;
mod details;
mod expansion;
mod messages;
mod policies;
mod proofs;
mod requirements;
mod security;
mod token_extractors;
