//! The effect of each act of a schedule.

use super::super::fact::Fact;
use super::super::history::Event;
use super::super::schedule::{Act, ended};
use super::World;
use super::links::repair;
use crate::log::Removal;

impl World {
    pub(super) async fn act(&mut self, server: usize, act: &Act) {
        match act {
            Act::Revoke { fact, is_awaited } => self.revoke(server, fact, *is_awaited).await,
            Act::RevokeMany { facts } => {
                for fact in facts {
                    self.revoke(server, fact, true).await;
                }
            }
            Act::Foreign(fact) => drop(self.log.append(fact.record())),
            Act::Start => self.start(server).await,
            Act::Stop => self.stop(server).await,
            Act::Restart => {
                self.stop(server).await;
                self.start(server).await;
            }
            Act::Pause(is_paused) => self.pause(server, *is_paused),
            Act::Freeze { fact, time } => self.freeze(fact, *time).await,
            Act::Fault(fault) => self.set_link(server, |link| link.fault = *fault),
            Act::Delay(delay) => self.set_link(server, |link| link.delay = *delay),
            Act::LostAnswers(lost) => self.set_link(server, |link| link.lost_answers = *lost),
            Act::Close => {
                let copy = self.copy_of(server);
                self.log.attach(copy, &[self.link(server)], false);
            }
            Act::Repair => self.set_link(server, repair),
            Act::RestartEmpty { is_silent } => {
                self.log.take_over(self.log.empty(), &self.links(), *is_silent);
            }
            Act::FailOver { lost, lag, is_silent } => {
                self.log.take_over(self.log.lagging(*lost, *lag), &self.links(), *is_silent);
            }
            Act::Split { mask, lost } => {
                let all = self.links().into_iter();
                let some: Vec<_> = all.filter(|link| mask >> link & 1 == 1).collect();
                self.log.take_over(self.log.lagging(*lost, 0), &some, false);
            }
            Act::Heal => self.heal(),
            Act::Delete { lag } => self.log.delete(*lag),
            Act::AppendUnread { fact, removal } => self.append_unread(fact, *removal),
            Act::AppendEnded => self.append_ended(),
            Act::TrimForeign { kept } => {
                let count = self.log.records(self.log.newest()).len();
                self.log.remove(Removal::Foreign, |index| index + kept < count);
            }
            Act::RemoveSingle { index } => {
                self.log.remove(Removal::Single, |other| other == *index);
            }
            Act::RemoveLast => {
                let last = self.log.records(self.log.newest()).len().saturating_sub(1);
                self.log.remove(Removal::Single, |index| index == last);
            }
            Act::Unreadable(text) => drop(self.log.append(*text)),
            Act::Clock(ahead) => {
                self.instances[server].clock.set_ahead(*ahead);
                self.recorder.record(Event::Clock { server, ahead: *ahead });
            }
            Act::Nothing => {}
        }
    }

    fn append_ended(&self) {
        for fact in ended() {
            self.log.append(fact.record());
        }
    }

    fn append_unread(&self, fact: &Fact, removal: Removal) {
        self.log.append(fact.record());
        let last = self.log.records(self.log.newest()).len() - 1;
        self.log.remove(removal, |index| index == last || removal == Removal::Foreign);
    }
}
