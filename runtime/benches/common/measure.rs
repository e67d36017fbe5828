//! Measures cases in rounds. Each round performs every case, so that other load on the machine
//! affects all cases.

use std::time::Duration;

use super::case::Case;
use super::watch;

const ROUNDS: usize = 31;
/// The number of batches for each case in each round, after a batch as a warm-up. They are short, so
/// that the median is a batch that no other program has interrupted.
const BATCHES: usize = 10;
/// The number of requests in a batch.
const BATCH: u32 = 10;
/// The number of requests whose allocations are counted.
const COUNTED: u32 = 100;

/// A case with everything that its requests need.
pub(crate) trait Performance {
    type Work: Copy;

    fn case(&self) -> Case<Self::Work>;

    /// Prepares a batch of this number of new requests, and returns the closure that sends the
    /// requests.
    fn batch(&self, count: usize) -> Box<dyn FnOnce() + '_>;

    /// Returns the number of instructions of one request. Returns `None` if they cannot be counted.
    fn instructions(&self) -> Option<u64>;
}

/// The cost of one request of a case.
pub(crate) struct Cost<W> {
    pub(crate) case: Case<W>,
    pub(crate) time: Duration,
    pub(crate) allocations: u64,
    pub(crate) instructions: Option<u64>,
}

pub(crate) fn all<P: Performance>(performances: &[P]) -> Vec<Cost<P::Work>> {
    let mut times = vec![Vec::new(); performances.len()];
    // The first round is a warm-up.
    for round in 0..=ROUNDS {
        for (performance, times) in performances.iter().zip(&mut times) {
            let new = time_round(performance);
            if round > 0 {
                times.extend(new);
            }
        }
    }
    let both = performances.iter().zip(times);
    both.map(|(performance, times)| finish(performance, times)).collect()
}

/// Returns the times of one request, each from another batch.
fn time_round(performance: &impl Performance) -> Vec<Duration> {
    let prepare = || performance.batch(usize::try_from(BATCH).unwrap());
    // All batches are prepared before the first one is sent, because the preparation displaces the
    // code and the data of the server from the caches of the processor.
    let batches: Vec<_> = std::iter::repeat_with(prepare).take(BATCHES + 1).collect();
    let times = batches.into_iter().map(|batch| watch::time(batch) / BATCH);
    times.skip(1).collect()
}

fn finish<P: Performance>(performance: &P, times: Vec<Duration>) -> Cost<P::Work> {
    let allocated =
        allocation_counter::measure(performance.batch(usize::try_from(COUNTED).unwrap()));
    let count = u64::from(COUNTED);
    Cost {
        case: performance.case(),
        allocations: (allocated.count_total + count / 2) / count,
        instructions: performance.instructions(),
        time: watch::median(times),
    }
}
