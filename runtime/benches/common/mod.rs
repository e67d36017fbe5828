//! Modules that several benches share.

pub(crate) mod app;
pub(crate) mod request;
pub(crate) mod table;
pub(crate) mod tokens;
pub(crate) mod watch;
