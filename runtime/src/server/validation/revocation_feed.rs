//! Checks the settings of the revocation feed.

use std::time::Duration;

use crate::server::ResourceServerBuilder;

/// The shortest horizon. The lifetimes of tokens are longer, so a shorter one is a mistake in the
/// unit.
const SHORTEST_HORIZON: Duration = Duration::from_secs(60);

impl ResourceServerBuilder {
    pub(super) fn check_revocation_feed(&self, problems: &mut Vec<String>) {
        let Some(feed) = &self.revocation_feed else { return };
        if feed.horizon < SHORTEST_HORIZON {
            let shortest = SHORTEST_HORIZON.as_secs();
            problems.push(format!(
                "the `horizon` of the revocation feed is shorter than {shortest} s: set it to the \
                 longest lifetime of a token"
            ));
        }
        if self.revocation_bytes == 0 {
            let problem = "`revocation_bytes` is 0, so no entry of the revocation feed fits into the \
                           list: raise it";
            problems.push(problem.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revocation::{
        LogFuture, LogPage, LogPosition, LogState, RevocationFeed, RevocationLog,
    };
    use crate::server::ResourceServer;

    struct Empty;

    impl RevocationLog for Empty {
        fn append(&self, _: Vec<String>) -> LogFuture<'_, ()> {
            Box::pin(async { Ok(()) })
        }

        fn read(&self, _: Option<LogPosition>, _: usize, _: Duration) -> LogFuture<'_, LogPage> {
            Box::pin(async { Ok(LogPage::new(LogState::new("", None, None), Vec::new())) })
        }

        fn trim(&self, _: LogPosition) -> LogFuture<'_, ()> {
            Box::pin(async { Ok(()) })
        }
    }

    fn problems(horizon: Duration, bytes: usize) -> String {
        let feed = RevocationFeed::new(Empty).horizon(horizon);
        let builder = ResourceServer::builder().issuer("https://id.example.com").audience("api");
        let built = builder.revocation_feed(feed).revocation_bytes(bytes).build();
        built.map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn a_horizon_of_less_than_a_minute_is_a_problem() {
        assert_eq!(problems(SHORTEST_HORIZON, 1), "");
        assert_eq!(problems(Duration::MAX, 1), "");
        for short in [Duration::ZERO, Duration::from_millis(59_999)] {
            assert!(problems(short, 1).contains("`horizon`"), "{short:?}");
        }
    }

    #[test]
    fn a_list_without_room_is_a_problem_only_with_a_feed() {
        assert!(problems(SHORTEST_HORIZON, 0).contains("`revocation_bytes`"));
        let builder = ResourceServer::builder().issuer("https://id.example.com").audience("api");
        assert!(builder.revocation_bytes(0).build().is_ok());
    }
}
