//! Rules that only constants call: the compiler evaluates them for each attribute, and an assertion
//! that fails is the error that the user sees.

pub(crate) mod agreement;
pub(crate) mod exclusion;
pub(crate) mod implication;
pub(crate) mod proof;
