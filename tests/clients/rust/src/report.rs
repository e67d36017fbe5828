//! The outcome of each flow.

use std::error::Error;

pub type Outcome = Result<(), Box<dyn Error>>;

/// Returns an error with this message if the condition does not hold.
pub fn check(condition: bool, message: &str) -> Outcome {
    if condition { Ok(()) } else { Err(message.into()) }
}

/// Prints the outcome of a flow in one line.
pub fn report(flow: &str, outcome: Outcome) {
    match outcome {
        Ok(()) => println!("{flow}\tpassed"),
        Err(error) => println!("{flow}\tfailed: {}", with_causes(&*error)),
    }
}

fn with_causes(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    let text = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    text.replace(['\n', '\t'], " ")
}
