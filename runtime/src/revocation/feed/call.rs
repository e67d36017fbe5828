//! A call of the log with its time limit, and the text of its error.

use std::time::Duration;

use tokio::time::timeout;

use super::super::log::LogFuture;
use crate::error_chain::ErrorChain;

/// Time limit of a call, in addition to the time for which it is asked to wait.
pub(super) const TIME_LIMIT: Duration = Duration::from_secs(2);

/// Largest length of the text of an error, in characters.
const TEXT_LIMIT: usize = 300;

/// Returns the answer of a call, or the text of its error.
pub(super) async fn answer<T>(call: LogFuture<'_, T>, limit: Duration) -> Result<T, String> {
    match timeout(limit, call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(cut(&ErrorChain(&*error).to_string())),
        Err(_) => Err(format!("the log did not answer within {} ms", limit.as_millis())),
    }
}

/// Returns the beginning of a text, without control characters.
fn cut(text: &str) -> String {
    text.chars().filter(|one| !one.is_control()).take(TEXT_LIMIT).collect()
}
