//! Measures the cases in rounds. Each round performs every case, so that other load on the machine
//! affects all cases.

use std::time::Duration;

use axum_protected_testing::SigningKeys;

use crate::case::Case;
use crate::common::watch;
use crate::credentials::Credentials;
use crate::instructions;
use crate::stage::Stage;

const ROUNDS: u32 = 31;
/// The number of requests for each case in each round.
const BATCH: u32 = 100;

/// The cost of one request of a case.
pub(crate) struct Cost {
    pub(crate) case: Case,
    pub(crate) time: Duration,
    pub(crate) allocations: u64,
    pub(crate) instructions: Option<u64>,
}

struct Performance {
    case: Case,
    credentials: Credentials,
    times: Vec<Duration>,
}

pub(crate) fn all(cases: &[Case], keys: &SigningKeys) -> Vec<Cost> {
    let works: Vec<_> = cases.iter().map(|case| case.work).collect();
    let stage = Stage::new(keys.jwks(), &Stage::filling(&works, keys));
    let mut performances: Vec<_> = cases
        .iter()
        .map(|case| Performance {
            case: *case,
            credentials: Credentials::of(case.work, keys),
            times: Vec::new(),
        })
        .collect();
    // The first round is a warm-up.
    for round in 0..=ROUNDS {
        for performance in &mut performances {
            let time = watch::time(performance.batch(&stage)) / BATCH;
            if round > 0 {
                performance.times.push(time);
            }
        }
    }
    performances.into_iter().map(|performance| performance.finish(&stage, keys)).collect()
}

impl Performance {
    /// Prepares a batch of new requests, and returns the closure that sends the requests.
    fn batch<'stage>(&self, stage: &'stage Stage) -> Box<dyn FnOnce() + 'stage> {
        let count = usize::try_from(BATCH).unwrap();
        stage.batch(self.case.work, &self.credentials.take(count))
    }

    fn finish(self, stage: &Stage, keys: &SigningKeys) -> Cost {
        let allocated = allocation_counter::measure(self.batch(stage));
        let batch = u64::from(BATCH);
        Cost {
            case: self.case,
            allocations: (allocated.count_total + batch / 2) / batch,
            instructions: instructions::count(self.case, &self.credentials, keys),
            time: watch::median(self.times),
        }
    }
}
