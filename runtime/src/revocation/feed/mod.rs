//! Shares the revocations of a server with all other instances of the server, through a log.

mod settings;

pub use self::settings::{FeedOutage, RevocationFeed};
