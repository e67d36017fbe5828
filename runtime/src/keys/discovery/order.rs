//! Asks the locations of the metadata in the order that `round` decides.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use reqwest::Url;
use tokio::time::{Instant, timeout_at};

use super::super::error::FetchError;
use super::round::{Answered, Failure, Round, Step};

/// Request to a location, with the index of the location.
type Request<'a, T> = (usize, Pin<Box<dyn Future<Output = Result<T, FetchError>> + Send + 'a>>);

/// Asks the locations with `ask`, and returns the answer that counts. If all locations fail, returns
/// the most helpful error: an error about the content of a document takes precedence over an error
/// about a missing document. The error also says how many other locations failed.
pub(super) async fn ask_in_order<'a, T, F>(
    locations: &'a [Url],
    ask: impl Fn(&'a Url) -> F,
) -> Result<Answered<T>, FetchError>
where
    T: Send,
    F: Future<Output = Result<T, FetchError>> + Send + 'a,
{
    let mut round = Round::new(locations.len());
    let mut requests: Vec<Request<'a, T>> = Vec::new();
    let mut best_error: Option<FetchError> = None;
    let mut failures: usize = 0;
    loop {
        let ended = match round.next(Instant::now()) {
            Step::Ask(index) => {
                if let Some(location) = locations.get(index) {
                    requests.push((index, Box::pin(ask(location))));
                }
                continue;
            }
            Step::WaitUntil(time) => timeout_at(time, first_end(&mut requests)).await.ok(),
            Step::Wait => Some(first_end(&mut requests).await),
            Step::End => break,
        };
        let Some((index, outcome)) = ended else {
            continue;
        };
        round.record(
            index,
            outcome.map_err(|error| {
                failures = failures.saturating_add(1);
                let failure = if error.is_connect() {
                    Failure::Unreachable
                } else if error.is_definitive() {
                    Failure::Definitive
                } else {
                    Failure::Temporary
                };
                if best_error.as_ref().is_none_or(|best| error.is_more_helpful(best)) {
                    best_error = Some(error);
                }
                failure
            }),
        );
    }
    round.into_answer().ok_or_else(|| {
        best_error.unwrap_or(FetchError::NotMetadata).with_others(failures.saturating_sub(1))
    })
}

/// Waits until one of the requests ends, and removes it from the list.
async fn first_end<T>(requests: &mut Vec<Request<'_, T>>) -> (usize, Result<T, FetchError>) {
    poll_fn(|context| {
        for place in 0..requests.len() {
            if let Some((index, request)) = requests.get_mut(place)
                && let Poll::Ready(outcome) = request.as_mut().poll(context)
            {
                let index = *index;
                drop(requests.swap_remove(place));
                return Poll::Ready((index, outcome));
            }
        }
        Poll::Pending
    })
    .await
}

#[cfg(test)]
mod tests;
