//! Tests the program as a process: the requests that it makes and prints.

use super::program::Running;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_payments-api");

/// A step of the demonstration, with the requests and responses that the program has printed.
struct Step {
    expectation: String,
    lines: Vec<String>,
}

impl Step {
    /// Returns the status of the last response.
    fn status(&self) -> &str {
        let mut statuses = self.lines.iter().filter_map(|line| {
            let status = line.strip_prefix("< ")?.get(..3)?;
            status.parse::<u16>().is_ok().then_some(status)
        });
        statuses.next_back().unwrap()
    }
}

/// Runs the program until the demonstration is over.
fn steps() -> Vec<Step> {
    let mut program = Running::start_with(PROGRAM, "PAYMENTS_API_ADDR", &[]);
    assert!(program.line().starts_with("listening on http://127.0.0.1:"));
    assert!(program.line().starts_with("issuer http://127.0.0.1:"));
    let mut steps: Vec<Step> = Vec::new();
    loop {
        let line = program.line();
        if line.starts_with("the demonstration is over") {
            return steps;
        }
        assert!(!line.starts_with("the demonstration failed"), "{line}");
        match line.strip_prefix("# ") {
            Some(expectation) => {
                steps.push(Step { expectation: expectation.to_owned(), lines: Vec::new() });
            }
            None => steps.last_mut().into_iter().for_each(|step| step.lines.push(line.clone())),
        }
    }
}

#[test]
fn every_request_of_the_demonstration_gets_the_printed_answer() {
    let steps = steps();
    for step in &steps {
        let (status, _) = step.expectation.split_once(": ").unwrap();
        assert_eq!(step.status(), status, "{}:\n{}", step.expectation, step.lines.join("\n"));
    }
    let refused = steps.iter().filter(|step| step.expectation.starts_with('4')).count();
    assert_eq!((steps.len(), refused), (21, 10));
    let text: Vec<&str> = steps.iter().flat_map(|step| &step.lines).map(String::as_str).collect();
    // A reader sees the nonce that the API asks for, and no whole token.
    assert!(text.iter().any(|line| line.contains(r#"error="use_dpop_nonce""#)));
    assert!(!text.iter().any(|line| line.contains("eyJ") && !line.contains("...")), "{text:?}");
}
