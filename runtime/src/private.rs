//! What the attributes write besides the public names. Not for use by hand.

pub use axum_core::extract::FromRequestParts;
pub use http::request::Parts;

pub use crate::extract::{Named, extract};
pub use crate::policy::{Joint, Other, needed};

/// Beside each handler: the only item of its name, unless `#[debug_handler]` was there first.
#[derive(Debug)]
#[allow(clippy::exhaustive_structs, reason = "written by the attributes")]
pub struct Alone;

/// Holds for [`Alone`] only, and says what to do otherwise.
#[diagnostic::on_unimplemented(
    message = "`#[debug_handler]` is above: write it below `#[protected]` or `#[public]`, where it sees the guard",
    label = "this attribute goes first"
)]
pub trait NothingAbove {}

impl NothingAbove for Alone {}

/// Compiles where nothing stands above the attribute that needs to see the guard.
pub const fn nothing_above<T: NothingAbove>(_: &T) {}
