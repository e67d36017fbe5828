//! Rules that the attributes' expansions call in constants. The compiler evaluates them; a failed
//! assertion is the compile error that the user sees.

pub(crate) mod exclusion;
pub(crate) mod implication;
pub(crate) mod proof;
pub(crate) mod written_security;
