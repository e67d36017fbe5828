//! The connections of the servers to the copies of the log.

use std::time::Duration;

use super::super::history::Event;
use super::World;
use crate::log::{Fault, Link, LostAnswers};

/// The longest delay in each direction with which a connection is in order.
const SHORT_DELAY: Duration = Duration::from_millis(80);
impl World {
    pub(super) fn set_link(&self, server: usize, change: impl FnOnce(&mut Link)) {
        let (mut before, mut after) = (false, false);
        self.log.set_link(self.link(server), |link| {
            before = is_in_order(link);
            change(link);
            after = is_in_order(link);
        });
        if before != after {
            self.recorder.record(Event::Link { server, is_in_order: after });
        }
    }

    pub(super) fn heal(&self) {
        self.log.attach(self.log.newest(), &self.links(), false);
    }

    pub(super) fn link(&self, server: usize) -> usize {
        self.instances[server].linked.link()
    }

    pub(super) fn links(&self) -> Vec<usize> {
        (0..self.instances.len()).map(|server| self.link(server)).collect()
    }

    pub(super) fn copy_of(&self, server: usize) -> usize {
        let mut copy = 0;
        self.log.set_link(self.link(server), |link| copy = link.copy);
        copy
    }
}

pub(super) fn repair(link: &mut Link) {
    link.fault = Fault::None;
    link.lost_answers = LostAnswers::Never;
    link.delay = Duration::ZERO;
}

fn is_in_order(link: &Link) -> bool {
    link.fault == Fault::None
        && link.lost_answers == LostAnswers::Never
        && link.delay <= SHORT_DELAY
}
