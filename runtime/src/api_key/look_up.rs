//! The application's look-up of API keys.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::claims::ValidKey;
use super::digest::KeyDigest;
use super::key::ApiKey;
use crate::error_chain::ErrorChain;

type BoxError = Box<dyn Error + Send + Sync>;
type Answer = Pin<Box<dyn Future<Output = Result<Option<ApiKey>, BoxError>> + Send>>;

/// The application's function that looks up a key.
#[derive(Clone)]
pub(super) struct LookUp(Arc<dyn Fn(KeyDigest) -> Answer + Send + Sync>);

impl LookUp {
    pub(super) fn new<F, A, E>(look_up: F) -> Self
    where
        F: Fn(KeyDigest) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Option<ApiKey>, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self(Arc::new(move |digest| {
            let answer = look_up(digest);
            Box::pin(async move { answer.await.map_err(Into::into) })
        }))
    }

    /// Calls the function and checks its answer. Returns the cause if there is no answer that can be
    /// used. A panic of the function and a late answer are such causes.
    pub(super) async fn ask(
        &self,
        digest: KeyDigest,
        deadline: Instant,
    ) -> Result<Option<ValidKey>, String> {
        let look_up = Arc::clone(&self.0);
        // A task of its own catches a panic. When the set goes out of scope, the task is aborted.
        let mut task = JoinSet::new();
        task.spawn(async move { look_up(digest).await });
        let answer = match timeout_at(deadline, task.join_next()).await {
            Err(_) => return Err("the look-up did not answer in time".to_owned()),
            Ok(Some(Ok(answer))) => answer,
            Ok(Some(Err(error))) if error.is_panic() => {
                return Err("the look-up panicked".to_owned());
            }
            Ok(_) => return Err("the look-up was cancelled".to_owned()),
        };
        match answer {
            Ok(None) => Ok(None),
            Ok(Some(key)) if key.digest != digest => {
                Err("the look-up returned a key with another digest".to_owned())
            }
            // The cause is logged, so it shows neither the subject of the key nor its digest.
            Ok(Some(key)) => {
                key.validate("API key").map(Some).map_err(|problems| problems.join("; "))
            }
            Err(error) => {
                let cause = ErrorChain(&*error).to_string();
                Err(cause.replace(&digest.to_string(), "(digest)"))
            }
        }
    }
}
