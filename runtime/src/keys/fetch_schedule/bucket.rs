//! Budget of the fetches that requests cause, as a token bucket.

use std::time::Duration;

use tokio::time::Instant;

/// Number of fetches in a full bucket.
///
/// Some issuers create a key when an algorithm is first used, so that several new keys follow each
/// other within seconds.
pub(crate) const RESERVE: u32 = 5;
/// Time after which the bucket gains a fetch, unless it is full.
///
/// In any time `t`, requests therefore cause at most `RESERVE + t / GAIN` fetches. Each fetch
/// returns all keys of the issuer. While a flood of tokens empties the bucket, a new key is fetched
/// at most `GAIN` after it was published.
pub(crate) const GAIN: Duration = Duration::from_secs(10);

/// Token bucket. It is full at first.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    /// Time at which the bucket is full again. `None` if the bucket has been full since the start.
    full_at: Option<Instant>,
}

impl Bucket {
    /// Takes a fetch out of the bucket. Returns false if the bucket is empty.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let may_take = self.wait(now).is_zero();
        if may_take {
            self.full_at = Some(self.full_at.map_or(now, |at| at.max(now)) + GAIN);
        }
        may_take
    }

    /// Returns the time until the bucket has a fetch.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let until_full =
            self.full_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        until_full.saturating_sub(GAIN * (RESERVE - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes as many fetches as the bucket has.
    fn drain(bucket: &mut Bucket, now: Instant) -> usize {
        (0..100).take_while(|_| bucket.take(now)).count()
    }

    #[test]
    fn a_bucket_has_five_fetches_and_gains_one_each_ten_seconds() {
        let begin = Instant::now();
        let mut bucket = Bucket::default();
        let cases = [
            (0, 5, 10),
            (0, 0, 10),
            (9, 0, 1),
            (10, 1, 10),
            (19, 0, 1),
            (45, 3, 5),
            (50, 1, 10),
            (100, 5, 10),
            (99_999, 5, 10),
        ];
        for (second, taken, wait) in cases {
            let now = begin + Duration::from_secs(second);
            assert_eq!(drain(&mut bucket, now), taken, "{second} s");
            assert_eq!(bucket.wait(now).as_secs(), wait, "{second} s");
        }
    }
}
