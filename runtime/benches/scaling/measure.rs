//! Measures the sizes in rounds. Each round performs every size, so that other load on the machine
//! affects all sizes.

use std::time::Duration;

use crate::common::watch;
use crate::load;
use crate::size::Size;
use crate::world::World;

const ROUNDS: usize = 21;
/// The number of requests for each thread in each round.
const BATCH: usize = 200;
/// The distance between two known tokens that are sent in succession. A large prime prevents the
/// processor from prefetching the next token.
const STRIDE: usize = 7_919;

/// The times of one request on its thread, for a size.
pub(crate) struct Times {
    pub(crate) size: Size,
    pub(crate) repeated: Duration,
    pub(crate) first_seen: Duration,
}

struct Performance {
    size: Size,
    world: World,
    known: Vec<String>,
    round: usize,
    repeated: Vec<Duration>,
    first_seen: Vec<Duration>,
}

pub(crate) fn all(sizes: &[Size]) -> Vec<Times> {
    let mut performances: Vec<_> = sizes.iter().map(|size| Performance::new(*size)).collect();
    for _ in 0..ROUNDS {
        for performance in &mut performances {
            performance.send_known();
            performance.send_new();
        }
    }
    performances.into_iter().map(Performance::finish).collect()
}

impl Performance {
    /// Creates the server of this size and sends each known token once. The number of tokens is at
    /// least the number of keys.
    fn new(size: Size) -> Self {
        let world = World::new(size);
        let count = size.tokens.max(size.issuers).max(size.keys);
        let known: Vec<_> = (0..count).map(|number| world.authorization(number)).collect();
        for some in known.chunks(BATCH) {
            load::send(&world.router, &[some.iter().map(String::as_str).collect()]);
        }
        Self { size, world, known, round: 0, repeated: Vec::new(), first_seen: Vec::new() }
    }

    fn send_known(&mut self) {
        let mut known = self
            .known
            .iter()
            .cycle()
            .skip(self.round % self.known.len())
            .step_by(STRIDE)
            .map(String::as_str);
        let lists: Vec<Vec<_>> =
            (0..self.size.threads).map(|_| known.by_ref().take(BATCH).collect()).collect();
        self.round += 1;
        self.repeated.extend(load::send(&self.world.router, &lists));
    }

    fn send_new(&mut self) {
        let total = self.size.threads * BATCH;
        let new: Vec<_> = (0..total)
            .map(|number| self.world.authorization(self.round * total + number))
            .collect();
        let lists: Vec<Vec<_>> =
            new.chunks(BATCH).map(|list| list.iter().map(String::as_str).collect()).collect();
        self.first_seen.extend(load::send(&self.world.router, &lists));
    }

    fn finish(self) -> Times {
        let batch = u32::try_from(BATCH).unwrap();
        Times {
            size: self.size,
            repeated: watch::median(self.repeated) / batch,
            first_seen: watch::median(self.first_seen) / batch,
        }
    }
}
