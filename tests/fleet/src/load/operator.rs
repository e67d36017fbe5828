//! The operator, who revokes tokens at instances by chance.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::{Shared, presenter, ticks};
use crate::answer::Outcome;
use crate::fleet::INSTANCES;
use crate::victim::{Revoked, Victim};

/// The pause between two revocations.
const PACE: Duration = Duration::from_millis(400);

/// The time for the first presentation of a token to an instance, which may be paused meanwhile.
const FIRST: Duration = Duration::from_secs(2);

/// The time for which a new token may be presented before its revocation.
const BEFORE: Duration = Duration::from_millis(100);

/// Revokes tokens until the load stops, and waits for the answers.
pub(super) async fn revoke(shared: Arc<Shared>) {
    let mut ticks = ticks(PACE);
    let mut revocations = JoinSet::new();
    while !shared.is_stopped() {
        ticks.tick().await;
        revocations.spawn(revoke_one(Arc::clone(&shared)));
    }
    while let Some(ended) = revocations.join_next().await {
        ended.expect("a task of the operator panicked");
    }
}

/// Presents a new token, revokes it, and presents it further.
async fn revoke_one(shared: Arc<Shared>) {
    let place = fastrand::usize(..INSTANCES);
    let instance = &shared.fleet.instances[place];
    if !instance.answers().await {
        return;
    }
    let (victim, body) = shared.fleet.tokens.victim(place);
    let victim = Arc::new(victim);
    accept_first(&shared, &victim).await;
    let mut presentations = JoinSet::new();
    for instance in 0..INSTANCES {
        let (shared, victim) = (Arc::clone(&shared), Arc::clone(&victim));
        presentations.spawn(presenter::follow(shared, victim, instance));
    }
    tokio::time::sleep(BEFORE.mul_f64(fastrand::f64())).await;
    let may_revoke = shared.revoking.read().await;
    if !*may_revoke {
        return;
    }
    victim.request(Instant::now());
    let answer = instance.revoke(&shared.fleet.tokens.operator, &body).await;
    let is_made = answer.is_some_and(|answer| {
        let is_local = is_local(&answer.outcome);
        let is_made = answer.outcome == Outcome::Accepted || is_local;
        if is_made {
            victim.revoke(Revoked { at: answer.received, is_shared: !is_local });
            shared.victims().push(Arc::clone(&victim));
        } else {
            let mut unmade = shared.unmade.lock().unwrap_or_else(PoisonError::into_inner);
            unmade.count(&answer.outcome);
        }
        is_made
    });
    drop(may_revoke);
    // A token that is not revoked stays valid.
    if is_made {
        presentations.join_all().await;
    }
}

/// Presents a token to each instance, so that the instance knows it as valid.
async fn accept_first(shared: &Arc<Shared>, victim: &Arc<Victim>) {
    let mut first = JoinSet::new();
    for index in 0..INSTANCES {
        let (shared, victim) = (Arc::clone(shared), Arc::clone(victim));
        first.spawn(async move {
            let instance = &shared.fleet.instances[index];
            if instance.answers().await {
                let first = timeout(FIRST, instance.present(&victim.token)).await;
                if let Ok(Some(answer)) = first {
                    victim.note(index, &answer);
                }
            }
        });
    }
    first.join_all().await;
}

/// Returns true if the instance has the revocation and the log may lack it.
fn is_local(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Unavailable(text) if !text.contains("revocations_unavailable"))
}
