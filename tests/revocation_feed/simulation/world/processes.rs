//! The processes of the servers, and their calls of `revoke`.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::advance;

use super::super::fact::Fact;
use super::super::history::Event;
use super::super::instance::outcome;
use super::World;

impl World {
    pub(super) async fn start(&mut self, server: usize) {
        if self.instances[server].is_up() {
            return;
        }
        let settings = self.instances[server].settings;
        self.instances[server].start();
        self.recorder.record(Event::Started { server, settings });
        self.sample().await;
    }

    pub(super) async fn stop(&mut self, server: usize) {
        if !self.instances[server].is_up() {
            return;
        }
        self.pause(server, false);
        self.instances[server].stop();
        self.recorder.record(Event::Stopped { server });
        for _ in 0..3 {
            yield_now().await;
        }
        if self.log.calls(self.link(server)) > 0 {
            self.recorder.record(Event::CallsOutliveServer { server });
        }
    }

    /// Stops or continues the process of a server.
    pub(super) fn pause(&mut self, server: usize, is_paused: bool) {
        let instance = &mut self.instances[server];
        if !instance.is_up() || instance.is_paused == is_paused {
            return;
        }
        instance.is_paused = is_paused;
        if is_paused {
            instance.clock.stop();
        } else {
            instance.clock.go_on();
        }
        self.log.set_link(instance.linked.link(), |link| link.is_paused = is_paused);
        self.recorder.record(Event::Paused { server, is_paused });
    }

    /// Appends a revocation of another instance. Then all servers stand still for this time, and
    /// requests come before any task of a server runs again.
    pub(super) async fn freeze(&self, fact: &Fact, time: Duration) {
        self.log.append(fact.record());
        let mut standstill = pin!(advance(time));
        let first = poll_fn(|context| Poll::Ready(standstill.as_mut().poll(context))).await;
        for (server, _) in self.instances.iter().enumerate() {
            let is_paused = self.instances[server].is_paused;
            self.recorder.record(Event::Paused { server, is_paused });
        }
        self.sample().await;
        if first.is_pending() {
            standstill.await;
        }
    }

    pub(super) async fn revoke(&mut self, server: usize, fact: &Fact, is_awaited: bool) {
        if !self.instances[server].is_active() {
            return;
        }
        self.calls += 1;
        let call = self.calls;
        let mut revoking = self.instances[server].revoke(fact);
        self.recorder.record(Event::Called { server, call, fact: *fact });
        let first = poll_fn(|context| Poll::Ready(revoking.as_mut().poll(context))).await;
        if let Poll::Ready(result) = first {
            self.recorder.record(Event::Resolved { call, outcome: outcome(&result) });
        } else if is_awaited {
            let recorder = self.recorder.clone();
            tokio::spawn(async move {
                let outcome = outcome(&revoking.await);
                recorder.record(Event::Resolved { call, outcome });
            });
        } else {
            self.recorder.record(Event::Abandoned { call });
        }
    }
}
