//! Waits until all instances agree after a fault.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::fleet::Fleet;
use crate::instance::Instance;
use crate::victim::Victim;

/// The time after which the test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// The time for which all instances must agree.
const LASTING: Duration = Duration::from_secs(1);

/// Returns the time until every instance is ready, has shared all its revocations, and refuses the
/// tokens that were revoked before the call, and all this for one second: an instance may notice a
/// fault only after its end. Returns the last obstacle if this takes too long. No new revocation may
/// be made meanwhile, because an instance has it before the log has it.
pub(crate) async fn converge(fleet: &Fleet, victims: &[Arc<Victim>]) -> Result<Duration, String> {
    let start = Instant::now();
    let mut agreed = start;
    loop {
        let obstacle = obstacle(fleet, victims).await;
        match obstacle {
            None if agreed.elapsed() >= LASTING => return Ok(agreed - start),
            None => {}
            Some(obstacle) if start.elapsed() > PATIENCE => return Err(obstacle),
            Some(_) => agreed = Instant::now(),
        }
        sleep(Duration::from_millis(50)).await;
    }
}

async fn obstacle(fleet: &Fleet, victims: &[Arc<Victim>]) -> Option<String> {
    for (index, instance) in fleet.instances.iter().enumerate() {
        match instance.ready().await {
            Ok(health) if health.is_settled() => {}
            Ok(health) => return Some(format!("{}: {}", instance.name, health.feed())),
            Err(error) => return Some(format!("{}: {error:?}", instance.name)),
        }
        let forgotten = forgotten(instance, index, victims).await;
        if !forgotten.is_empty() {
            return Some(format!("{} does not refuse {}", instance.name, forgotten.join(", ")));
        }
    }
    None
}

/// Presents all tokens to one instance, and describes those that it does not refuse as revoked.
pub(crate) async fn forgotten(
    instance: &Instance,
    index: usize,
    victims: &[Arc<Victim>],
) -> Vec<String> {
    let mut forgotten = Vec::new();
    for victim in victims {
        let Some(answer) = instance.present(&victim.token).await else { continue };
        victim.note(index, &answer);
        if !answer.outcome.is_revoked() {
            let (kind, place) = (victim.kind, victim.place);
            forgotten.push(format!("a {kind} revoked at {place} ({:?})", answer.outcome));
        }
    }
    forgotten
}
