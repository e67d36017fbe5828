//! What both benches stand on: an application, its tokens and requests, a watch and a table.

pub(crate) mod app;
pub(crate) mod request;
pub(crate) mod table;
pub(crate) mod tokens;
pub(crate) mod watch;
