//! A connection that one call uses at a time.

use std::sync::Arc;
use std::time::Duration;

use redis::{Pipeline, Value};
use tokio::sync::Mutex;

use crate::deployment::{Deployment, Primary};
use crate::failure::Failure;

/// Connection to the primary that has the stream. It is opened when a call needs it. Calls wait for
/// each other, because a command that blocks delays all later commands of its connection.
pub(crate) struct Exclusive {
    deployment: Arc<Deployment>,
    /// The connection while no call uses it. A call that fails or is cancelled does not give it back:
    /// the answers of its commands may still come.
    idle: Mutex<Option<Primary>>,
}

impl Exclusive {
    pub(crate) fn new(deployment: &Arc<Deployment>) -> Self {
        Self { deployment: Arc::clone(deployment), idle: Mutex::default() }
    }

    /// Sends the commands, and reads the replies with `read`. The server may take `wait` longer than
    /// the usual time. `read` also gets the identifier of the server's process.
    ///
    /// If the connection was closed since the last call, or its server is not the primary any more,
    /// the commands are sent again on a new connection. They may then be executed twice.
    pub(crate) async fn ask<T>(
        &self,
        pipeline: &Pipeline,
        wait: Duration,
        read: impl Fn(Vec<Value>, &str) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut idle = self.idle.lock().await;
        if let Some(primary) = idle.take().filter(|primary| !primary.connection.is_closed()) {
            match ask(&primary, pipeline, wait, &read).await {
                Err(failure) if failure.is_stale() => {}
                result => {
                    *idle = result.is_ok().then_some(primary);
                    return result;
                }
            }
        }
        let primary = self.deployment.primary(&self.deployment.stream).await?;
        let result = ask(&primary, pipeline, wait, &read).await;
        *idle = result.is_ok().then_some(primary);
        result
    }
}

async fn ask<T>(
    primary: &Primary,
    pipeline: &Pipeline,
    wait: Duration,
    read: impl Fn(Vec<Value>, &str) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let replies = primary.connection.ask(pipeline, wait).await?;
    read(replies, &primary.run_id).map_err(|failure| primary.connection.explain(failure))
}
