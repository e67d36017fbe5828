//! Modules that several benches share.

pub(crate) mod app;
pub(crate) mod case;
pub(crate) mod floor;
pub(crate) mod instructions;
pub(crate) mod measure;
pub(crate) mod request;
pub(crate) mod table;
pub(crate) mod tokens;
pub(crate) mod watch;
