//! Tests rounds of discovery with a paused clock.

use std::sync::Mutex;
use std::time::Duration;

use http::StatusCode;
use tokio::time::sleep;

use super::*;
use crate::error_chain::ErrorChain;
use crate::keys::error::Document;

/// Behaviour of a location: the time until its answer, and the answer.
type Behaviour = (f64, Answer);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Answer {
    Valid,
    /// Metadata of another issuer.
    Foreign,
    /// A status such as 404, a cut connection or a time-out.
    Missing,
}
use Answer::{Foreign, Missing, Valid};

/// Runs a round. Returns the index of the location whose answer counts, or the error, with the
/// duration of the round, and the time of the request to each location. Times are in seconds.
async fn run(behaviours: &[Behaviour]) -> (Result<usize, String>, f64, Vec<f64>) {
    let locations: Vec<Url> = (0..behaviours.len())
        .map(|index| format!("https://id.example.com/{index}").parse().unwrap())
        .collect();
    let begin = Instant::now();
    let seconds = || begin.elapsed().as_secs_f64();
    let asked = Mutex::new(Vec::new());
    let outcome = ask_in_order(&locations, |location| {
        asked.lock().unwrap().push(seconds());
        let index: usize = location.path()[1..].parse().unwrap();
        let (delay, answer) = behaviours[index];
        async move {
            sleep(Duration::from_secs_f64(delay)).await;
            let error = match answer {
                Valid => return Ok(index),
                Foreign => FetchError::other_issuer(Some("https://other.example.com")),
                Missing => FetchError::Status(StatusCode::NOT_FOUND),
            };
            Err(error.of(Document::Metadata, location))
        }
    })
    .await;
    let asked = asked.lock().unwrap().clone();
    let round = |times: f64| (times * 100.0).round() / 100.0;
    let outcome = outcome.map(|round| round.answer).map_err(|error| ErrorChain(&error).to_string());
    (outcome, round(seconds()), asked.into_iter().map(round).collect())
}

#[tokio::test(start_paused = true)]
async fn the_earliest_location_that_answers_counts() {
    let cases: &[(&[Behaviour], usize, f64, &[f64])] = &[
        // The first location answers, so that no other one is asked.
        (&[(0.1, Valid), (0.0, Valid), (0.0, Valid)], 0, 0.1, &[0.0]),
        (&[(1.9, Valid), (0.0, Valid), (0.0, Valid)], 0, 1.9, &[0.0]),
        // The next location is asked as soon as the earlier one has failed.
        (&[(0.1, Missing), (0.1, Valid), (0.0, Valid)], 1, 0.2, &[0.0, 0.1]),
        (&[(0.1, Foreign), (0.1, Missing), (0.1, Valid)], 2, 0.3, &[0.0, 0.1, 0.2]),
        // An earlier location that answers within its own time limit counts, though a later one
        // answered before.
        (&[(4.9, Valid), (0.1, Valid), (0.0, Valid)], 0, 4.9, &[0.0, 2.0]),
        (&[(4.9, Missing), (0.1, Valid), (0.0, Valid)], 1, 4.9, &[0.0, 2.0]),
        (&[(5.0, Missing), (4.0, Valid), (0.1, Valid)], 1, 6.0, &[0.0, 2.0, 4.0]),
        (&[(5.0, Missing), (1.0, Missing), (0.5, Valid)], 2, 5.0, &[0.0, 2.0, 3.0]),
        (&[(5.0, Missing), (5.0, Missing), (5.0, Valid)], 2, 9.0, &[0.0, 2.0, 4.0]),
    ];
    for (behaviours, expected, duration, asked) in cases {
        let found = run(behaviours).await;
        assert_eq!(found, (Ok(*expected), *duration, asked.to_vec()), "{behaviours:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_round_without_metadata_ends_with_the_most_helpful_error() {
    let foreign = FetchError::other_issuer(Some("https://other.example.com")).to_string();
    let missing = FetchError::Status(StatusCode::NOT_FOUND).to_string();
    let [none, one, two] = ["", " (nor from 1 other location)", " (nor from 2 other locations)"];
    let cases: &[(&[Behaviour], usize, &str, &str, f64)] = &[
        (&[(0.1, Missing), (0.1, Missing), (0.1, Missing)], 0, two, &missing, 0.3),
        (&[(0.1, Missing), (0.1, Foreign), (0.1, Missing)], 1, two, &foreign, 0.3),
        (&[(5.0, Missing), (5.0, Missing), (5.0, Missing)], 0, two, &missing, 9.0),
        (&[(0.1, Missing), (0.1, Foreign)], 1, one, &foreign, 0.2),
        (&[(0.1, Foreign)], 0, none, &foreign, 0.1),
    ];
    for (behaviours, index, others, cause, duration) in cases {
        let (outcome, took, _) = run(behaviours).await;
        let error = format!("no metadata from `https://id.example.com/{index}`{others}: {cause}");
        assert_eq!((outcome, took), (Err(error), *duration), "{behaviours:?}");
    }
}
