//! Measures the sizes side by side: a round performs each of them, so that what the machine does
//! besides hits all alike.

use std::time::Duration;

use crate::common::watch;
use crate::load;
use crate::size::Size;
use crate::world::World;

const ROUNDS: usize = 21;
/// Requests of each thread in each round.
const BATCH: usize = 200;
/// Known tokens are taken in strides of this prime, which no cache of a processor foresees.
const STRIDE: usize = 7_919;

/// What one request takes on its thread.
pub(crate) struct Times {
    pub(crate) size: Size,
    pub(crate) repeated: Duration,
    pub(crate) first_seen: Duration,
}

struct Performance {
    size: Size,
    world: World,
    known: Vec<String>,
    taken: usize,
    repeated: Vec<Duration>,
    first_seen: Vec<Duration>,
}

pub(crate) fn all(sizes: &[Size]) -> Vec<Times> {
    let mut performances: Vec<_> = sizes.iter().map(|size| Performance::new(*size)).collect();
    for _ in 0..ROUNDS {
        for performance in &mut performances {
            performance.repeat();
            performance.surprise();
        }
    }
    performances.into_iter().map(Performance::finish).collect()
}

impl Performance {
    /// The server has seen each of the known tokens once; there is at least one of each key.
    fn new(size: Size) -> Self {
        let world = World::new(size);
        let count = size.tokens.max(size.issuers).max(size.keys);
        let known: Vec<_> = (0..count).map(|number| world.authorization(number)).collect();
        for some in known.chunks(BATCH) {
            load::send(&world.router, &[some.iter().map(String::as_str).collect()]);
        }
        Self { size, world, known, taken: 0, repeated: Vec::new(), first_seen: Vec::new() }
    }

    fn repeat(&mut self) {
        let mut known = self
            .known
            .iter()
            .cycle()
            .skip(self.taken % self.known.len())
            .step_by(STRIDE)
            .map(String::as_str);
        let lists: Vec<Vec<_>> =
            (0..self.size.threads).map(|_| known.by_ref().take(BATCH).collect()).collect();
        self.taken += 1;
        self.repeated.extend(load::send(&self.world.router, &lists));
    }

    fn surprise(&mut self) {
        let total = self.size.threads * BATCH;
        let new: Vec<_> = (0..total)
            .map(|number| self.world.authorization(self.taken * total + number))
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
