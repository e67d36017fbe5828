//! One simulated server with its clock and its connection to the log.

use std::future::Future;
use std::pin::Pin;
use std::time::SystemTime;

use axum_protected::ResourceServer;
use axum_protected::revocation::{FeedOutage, RevocationError, RevocationFeed};
use axum_protected_tests::AUDIENCE;
use std::time::Duration;

use super::fact::Fact;
use super::history::{Answer, Outcome, Sample, Settings};
use super::token::{self, TOKENS, issuer};
use crate::clock::SkewedClock;
use crate::log::{LinkedLog, SharedLog};

/// The time after which no revocation of a schedule ends.
const HORIZON: Duration = Duration::from_secs(2 * 3600);
/// The bytes of a list with room for a few entries.
const FEW: usize = 3000;

pub(crate) type Revoking = Pin<Box<dyn Future<Output = Result<(), RevocationError>> + Send>>;

pub(crate) struct Instance {
    pub(crate) settings: Settings,
    pub(crate) clock: SkewedClock,
    pub(crate) linked: LinkedLog,
    pub(crate) is_paused: bool,
    server: Option<ResourceServer>,
}

impl Instance {
    pub(crate) fn new(settings: Settings, log: &SharedLog) -> Self {
        let (clock, linked) = (SkewedClock::start(), log.connect());
        Self { settings, clock, linked, is_paused: false, server: None }
    }

    /// Returns true if the server runs and its process is not stopped.
    pub(crate) fn is_active(&self) -> bool {
        self.server.is_some() && !self.is_paused
    }

    pub(crate) fn is_up(&self) -> bool {
        self.server.is_some()
    }

    pub(crate) fn start(&mut self) {
        let outage = if self.settings.refuses { FeedOutage::Refuse } else { FeedOutage::GoOn };
        let feed = RevocationFeed::new(self.linked.clone()).outage(outage).horizon(HORIZON);
        let feed = if self.settings.is_required { feed.required() } else { feed };
        let mut builder = ResourceServer::builder()
            .audience(AUDIENCE)
            .issuer(issuer(0))
            .issuer(issuer(1))
            .clock(self.clock.clone())
            .revocation_feed(feed);
        if self.settings.is_small {
            builder = builder.revocation_bytes(FEW);
        }
        self.server = Some(builder.build().unwrap());
    }

    pub(crate) fn stop(&mut self) {
        self.server = None;
    }

    /// Calls `revoke`, which takes effect before the future is polled.
    pub(crate) fn revoke(&self, fact: &Fact) -> Revoking {
        let server = self.server.as_ref().unwrap();
        let until: SystemTime = fact.end();
        Box::pin(server.revocations().revoke(fact.revocation(), until))
    }

    /// Presents each token to the server.
    pub(crate) async fn sample(&self) -> Sample {
        let server = self.server.as_ref().unwrap();
        let mut answers = [Answer::Other; TOKENS];
        for (token, answer) in token::ALL.iter().zip(&mut answers) {
            let outcome = server.authenticate(&token.text).await;
            *answer = match outcome.map_err(|error| error.kind().code()) {
                Ok(_) => Answer::Accepted,
                Err("revoked_token") => Answer::Revoked,
                Err("revocations_unavailable") => Answer::Unavailable,
                Err(_) => Answer::Other,
            };
        }
        let health = server.health().revocation_feed.unwrap();
        Sample {
            answers,
            up_to_date: health.up_to_date,
            synchronized: health.synchronized,
            unreadable: health.unreadable > 0,
            overflow: health.overflow,
            unshared: health.unshared > 0,
        }
    }
}

/// Returns the outcome of `revoke`.
pub(crate) fn outcome(result: &Result<(), RevocationError>) -> Outcome {
    match result {
        Ok(()) => Outcome::Shared,
        Err(RevocationError::LocalOnly(_)) => Outcome::LocalOnly,
        Err(_) => Outcome::Refused,
    }
}
