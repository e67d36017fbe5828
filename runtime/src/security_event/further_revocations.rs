//! The application's function that returns the revocations of an event.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::received_event::ReceivedEvent;
use crate::error_chain::ErrorChain;
use crate::revocation::Revocation;

/// The longest time for which the function may run.
const PATIENCE: Duration = Duration::from_secs(5);

type BoxError = Box<dyn Error + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Result<Vec<Revocation>, BoxError>> + Send>>;

/// The application's function that returns the revocations of an event.
#[derive(Clone)]
pub(crate) struct FurtherRevocations(Arc<dyn Fn(ReceivedEvent) -> Answer + Send + Sync>);

impl FurtherRevocations {
    pub(super) fn new<F, A, E>(revocations: F) -> Self
    where
        F: Fn(ReceivedEvent) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Vec<Revocation>, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self(Arc::new(move |event| {
            let answer = revocations(event);
            Box::pin(async move { answer.await.map_err(Into::into) })
        }))
    }

    /// Calls the function. Returns the cause if there is no answer: a panic of the function, an error
    /// or a late answer.
    pub(crate) async fn of(&self, event: ReceivedEvent) -> Result<Vec<Revocation>, String> {
        let revocations = Arc::clone(&self.0);
        // A task of its own catches a panic. When the set goes out of scope, the task is aborted.
        let mut task = JoinSet::new();
        task.spawn(async move { revocations(event).await });
        match timeout(PATIENCE, task.join_next()).await {
            Err(_) => Err("`further_revocations` did not answer in time".to_owned()),
            Ok(Some(Ok(answer))) => {
                let error = |error: BoxError| ErrorChain(&*error).to_string();
                answer.map_err(|cause| format!("`further_revocations` failed: {}", error(cause)))
            }
            Ok(_) => Err("`further_revocations` panicked".to_owned()),
        }
    }
}
