//! Checks the settings, and makes the judge of them.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use super::judge::DpopJudge;
use super::known_headers::KnownHeaders;
use super::nonce::Nonces;
use super::nonce_secret::NonceSecret;
use super::replays::{Replays, StoreOutage};
use super::settings::Dpop;
use super::target_uri::BaseUri;
use super::warnings::Warnings;
use crate::algorithm::Algorithm;
use crate::clock::Clock;
use crate::token::signature;

/// Accepted values of `max_age`. RFC 9449 section 11.1 says "on the order of seconds or minutes".
const MAX_AGE: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(300);

const REPLAY_CAPACITY: RangeInclusive<usize> = 1..=100_000_000;

impl Dpop {
    /// Returns the accepted algorithms of proofs.
    pub(crate) fn accepted_algorithms(&self) -> Vec<Algorithm> {
        self.algorithms.clone().unwrap_or_else(|| {
            let all = Algorithm::ALL.into_iter();
            all.filter(|algorithm| signature::is_supported(*algorithm)).collect()
        })
    }

    /// Returns the age up to which a proof is accepted.
    pub(crate) fn accepted_age(&self) -> Duration {
        self.max_age.unwrap_or(Duration::from_secs(60))
    }

    /// Returns the number of proofs that the memory of the server can hold.
    pub(crate) fn memory_capacity(&self) -> usize {
        self.replay_capacity.unwrap_or(100_000)
    }

    /// Creates the judge of a server with this base of its URLs. Adds all problems of the settings to
    /// `problems`. Returns `None` if there are any, or if there is no base.
    pub(crate) fn judge(
        self,
        base: Option<BaseUri>,
        clock: &Arc<dyn Clock>,
        problems: &mut Vec<String>,
    ) -> Option<DpopJudge> {
        let earlier_problems = problems.len();
        self.check_algorithms(problems);
        self.check_limits(problems);
        let nonces = self.nonces(problems);
        if problems.len() > earlier_problems {
            return None;
        }
        let outage = if self.insecure_accept_replays_in_outages {
            StoreOutage::AcceptByMemory
        } else {
            StoreOutage::Refuse
        };
        Some(DpopJudge {
            algorithms: self.accepted_algorithms(),
            is_required: self.required,
            nonces,
            max_age: self.accepted_age(),
            base: base?,
            clock: Arc::clone(clock),
            warnings: Warnings::default(),
            known_headers: KnownHeaders::new(),
            replays: Replays::new(self.memory_capacity(), self.replay_store, outage),
        })
    }

    fn check_algorithms(&self, problems: &mut Vec<String>) {
        let Some(algorithms) = &self.algorithms else { return };
        if algorithms.is_empty() {
            problems.push("`dpop` has an empty list of algorithms".to_owned());
        }
        for algorithm in algorithms {
            if algorithm.is_symmetric() {
                problems.push(format!(
                    "the algorithm `{algorithm}` of `dpop` is symmetric, and a proof needs a key \
                     pair: remove it"
                ));
            } else if !signature::is_supported(*algorithm) {
                problems.push(format!(
                    "the algorithm `{algorithm}` of `dpop` needs the feature `aws_lc_rs`"
                ));
            }
        }
    }

    fn check_limits(&self, problems: &mut Vec<String>) {
        if !MAX_AGE.contains(&self.accepted_age()) {
            problems.push("`max_age_seconds` of `dpop` is not from 1 to 300".to_owned());
        }
        if self.insecure_accept_replays_in_outages && self.replay_store.is_none() {
            let problem = "`insecure_accept_replays_in_outages` of `dpop` has no effect without a \
                           `replay_store`: remove it";
            problems.push(problem.to_owned());
        }
        if !REPLAY_CAPACITY.contains(&self.memory_capacity()) {
            problems.push("`replay_capacity` of `dpop` is not from 1 to 100000000".to_owned());
        }
    }

    fn nonces(&self, problems: &mut Vec<String>) -> Option<Nonces> {
        let path = match (&self.nonce_secret_file, self.nonce) {
            (Some(_), false) => {
                let problem = "`nonce_secret_file` of `dpop` has no effect without `nonce`: set \
                               `nonce`, or remove the file";
                problems.push(problem.to_owned());
                return None;
            }
            (None, false) => return None,
            (path, true) => path.as_deref(),
        };
        let secrets = match path {
            Some(path) => NonceSecret::read(path).map_err(|problem| {
                format!("`nonce_secret_file` of `dpop` cannot be used: {problem}")
            }),
            None => NonceSecret::random()
                .map(|secret| vec![secret])
                .ok_or_else(|| "the system has no random numbers for `nonce`".to_owned()),
        };
        match secrets {
            Ok(secrets) => Nonces::new(&secrets),
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn problems(dpop: Dpop) -> Vec<String> {
        let url = "https://api.example.com".parse().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let mut problems = Vec::new();
        let judge = dpop.judge(Some(BaseUri::of_public_url(&url)), &clock, &mut problems);
        assert_eq!(judge.is_some(), problems.is_empty(), "{problems:?}");
        problems
    }

    #[test]
    fn the_settings_are_plausible() {
        let seconds = Duration::from_secs;
        for dpop in [
            Dpop::new(),
            Dpop::new().nonce().required(),
            Dpop::new().max_age(seconds(1)).replay_capacity(1),
            Dpop::new().max_age(seconds(300)),
            Dpop::new().algorithms([Algorithm::ES256]),
        ] {
            assert_eq!(problems(dpop.clone()), [""; 0], "{dpop:?}");
        }
        for (dpop, part) in [
            (Dpop::new().algorithms([]), "empty list"),
            (Dpop::new().algorithms([Algorithm::ES256, Algorithm::HS256]), "`HS256`"),
            (Dpop::new().max_age(seconds(0)), "from 1 to 300"),
            (Dpop::new().max_age(Duration::from_millis(999)), "from 1 to 300"),
            (Dpop::new().max_age(seconds(301)), "from 1 to 300"),
            (Dpop::new().replay_capacity(0), "from 1 to 100000000"),
            (Dpop::new().insecure_accept_replays_in_outages(), "without a `replay_store`"),
            (Dpop::new().nonce_secret_file("x"), "without `nonce`"),
            (Dpop::new().nonce().nonce_secret_file("s3cr3t"), "cannot be read"),
        ] {
            let found = problems(dpop.clone());
            assert_eq!(found.len(), 1, "{dpop:?}: {found:?}");
            assert!(found[0].contains(part) && !found[0].contains("s3cr3t"), "{found:?}");
        }
    }

    #[test]
    fn all_problems_are_reported_together() {
        let dpop = Dpop::new().algorithms([]).max_age(Duration::ZERO).replay_capacity(0);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let mut problems = Vec::new();
        dpop.nonce_secret_file("x").judge(None, &clock, &mut problems);
        assert_eq!(problems.len(), 4, "{problems:?}");
    }
}
