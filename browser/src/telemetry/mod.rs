//! Emits the events of a backend, with the target `axum_protected_browser`.
//!
//! The names of events and fields are stable. Fields contain no token, code, state or cookie, and
//! nothing about the user.

mod logout;
mod sessions;
mod sign_in;
#[cfg(feature = "tower_sessions")]
mod store;

pub(crate) use self::logout::{
    access_token_not_revoked, backchannel_logout, backchannel_logout_failed, logout,
    logout_without_provider, refresh_token_not_revoked,
};
pub(crate) use self::sessions::{
    endings_forgotten, id_token_not_verified, session_displaced, session_lost, session_not_ended,
    session_not_read, session_not_renewed, session_not_saved, session_of_other_subject,
    session_refused, session_renewed, session_too_long,
};
pub(crate) use self::sign_in::{
    return_address_replaced, sign_in_began, sign_in_completed, sign_in_failed, sign_in_refused,
};
#[cfg(feature = "tower_sessions")]
pub(crate) use self::store::{record_not_deleted, record_unreadable, use_not_written};

/// The `tracing` target of all events, in place of the module path.
const TARGET: &str = "axum_protected_browser";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// Returns the name and the level of each event.
    fn events(sources: &[&str]) -> BTreeSet<(String, String)> {
        let calls = sources.iter().flat_map(|source| source.split("tracing::").skip(1));
        let named = calls.map(|call| {
            let level = call.split('!').next().unwrap().to_uppercase();
            let name = call.split("name: \"").nth(1).unwrap().split('"').next().unwrap();
            (name.to_owned(), level)
        });
        named.collect()
    }

    #[test]
    fn the_table_of_events_lists_each_event_with_its_level() {
        let sources = [
            include_str!("logout.rs"),
            include_str!("sessions.rs"),
            include_str!("sign_in.rs"),
            include_str!("store.rs"),
        ];
        let readme = include_str!("../../README.md");
        let rows =
            readme.lines().filter_map(|line| line.strip_prefix("| `axum_protected_browser."));
        let listed: BTreeSet<_> = rows
            .map(|row| {
                let mut cells = row.split('|').map(|cell| cell.trim().trim_matches('`'));
                let name = format!("axum_protected_browser.{}", cells.next().unwrap());
                (name, cells.next().unwrap().to_owned())
            })
            .collect();
        assert_eq!(listed, events(&sources));
    }
}
