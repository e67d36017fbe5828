//! Presents revoked tokens.

use std::sync::Arc;
use std::time::Duration;

use super::{Shared, ticks};
use tokio::time::Instant;

use crate::victim::Victim;

/// The pause between two requests with a token whose revocation is new.
const NEW: Duration = Duration::from_millis(40);

/// The time after the answer to a revocation in which it is new.
const NEW_FOR: Duration = Duration::from_millis(1500);

/// The pause between two requests with older tokens, one after the other.
const OLD: Duration = Duration::from_millis(20);

/// Presents one token to one instance while its revocation is asked for and new.
pub(super) async fn follow(shared: Arc<Shared>, victim: Arc<Victim>, instance: usize) {
    let mut ticks = ticks(NEW);
    let is_new = |at: Instant| at.elapsed() < NEW_FOR;
    while victim.revoked().is_none_or(|revoked| is_new(revoked.at)) && !shared.is_stopped() {
        ticks.tick().await;
        present(&shared, &victim, instance).await;
    }
}

/// Presents all tokens with an answered revocation to one instance until the load stops.
pub(super) async fn repeat(shared: Arc<Shared>, instance: usize) {
    let mut ticks = ticks(OLD);
    let mut turn = 0;
    while !shared.is_stopped() {
        ticks.tick().await;
        let victim = {
            let victims = shared.victims();
            turn = if turn < victims.len() { turn } else { 0 };
            victims.get(turn).cloned()
        };
        turn += 1;
        if let Some(victim) = victim {
            present(&shared, &victim, instance).await;
        }
    }
}

async fn present(shared: &Shared, victim: &Victim, instance: usize) {
    if let Some(answer) = shared.fleet.instances[instance].present(&victim.token).await {
        victim.note(instance, &answer);
    }
}
