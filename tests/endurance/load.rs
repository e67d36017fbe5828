//! Callers that send requests with tokens, and the statistics of the responses.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::rotation::Signer;

/// The pause between two requests of one caller.
const PACE: Duration = Duration::from_millis(4);

/// The number of requests with one token.
const CALLS: u32 = 5;

/// The number of responses by status, and the longest response time.
#[derive(Default)]
pub(crate) struct Tally {
    answers: BTreeMap<String, u64>,
    longest: Duration,
}

impl Tally {
    fn count(&mut self, answer: String, time: Duration) {
        *self.answers.entry(answer).or_default() += 1;
        self.longest = self.longest.max(time);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (answer, count) in &other.answers {
            *self.answers.entry(answer.clone()).or_default() += count;
        }
        self.longest = self.longest.max(other.longest);
    }

    pub(crate) fn is_spotless(&self) -> bool {
        self.answers.keys().all(|answer| answer == "200 OK") && !self.answers.is_empty()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (answer, count) in &self.answers {
            writeln!(formatter, "{answer}: {count}")?;
        }
        write!(formatter, "the longest took {:?}", self.longest)
    }
}

/// Sends requests for this duration, with new and repeated tokens.
pub(crate) async fn call(
    url: &'static str,
    signer: watch::Receiver<Signer>,
    time: Duration,
) -> Tally {
    let client = reqwest::Client::new();
    let mut tally = Tally::default();
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let start = Instant::now();
    while start.elapsed() < time {
        let token = signer.borrow().token();
        for _ in 0..CALLS {
            pace.tick().await;
            let sent = Instant::now();
            let answer = client.get(url).bearer_auth(&token).send().await;
            let answer = match answer {
                Ok(answer) => answer.status().to_string(),
                Err(error) => error.to_string(),
            };
            tally.count(answer, sent.elapsed());
        }
    }
    tally
}
