//! The table of results.

use std::fmt;
use std::time::Duration;

use crate::measurement::{Group, Measurement};

/// A row: the name of the fault, the outage, and the result.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) fault: &'static str,
    pub(crate) outage: &'static str,
    pub(crate) result: RowResult,
}

/// The result of a row.
#[derive(Debug)]
pub(crate) enum RowResult {
    Measured(Box<Measurement>, Vec<String>),
    /// The reason for which the row was not tried.
    Skipped(&'static str),
    /// The run itself failed.
    Broken(String),
}

/// All rows, as a table in Markdown with the failures below it.
#[derive(Debug)]
pub(crate) struct Table(pub(crate) Vec<Row>);

const HEAD: &str = "\
| fault | outage | revocations (local only) | accepted after acknowledgement: under the fault | elsewhere \
| accepted after request | valid requests | refused | unavailable | converged after |
|---|---|---|---|---|---|---|---|---|---|";

/// The rest of a row without numbers.
const EMPTY: &str = " | | | | | | | |";

impl Table {
    /// Returns true if each row that was tried meets its expectations.
    pub(crate) fn is_good(&self) -> bool {
        self.0.iter().all(|row| match &row.result {
            RowResult::Measured(_, failures) => failures.is_empty(),
            RowResult::Skipped(_) => true,
            RowResult::Broken(_) => false,
        })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{HEAD}")?;
        for Row { fault, outage, result } in &self.0 {
            write!(formatter, "| {fault} | `{outage}` ")?;
            match result {
                RowResult::Measured(seen, _) => writeln!(formatter, "{}", Cells(seen))?,
                RowResult::Skipped(_) => writeln!(formatter, "| skipped{EMPTY}")?,
                RowResult::Broken(_) => writeln!(formatter, "| broken{EMPTY}")?,
            }
        }
        for Row { fault, outage, result } in &self.0 {
            match result {
                RowResult::Measured(_, failures) => {
                    for failure in failures {
                        writeln!(formatter, "\nFAILED: {fault}, {outage}: {failure}")?;
                    }
                }
                RowResult::Skipped(reason) => {
                    writeln!(formatter, "\nskipped: {fault}, {outage}: {reason}")?;
                }
                RowResult::Broken(error) => {
                    writeln!(formatter, "\nBROKEN: {fault}, {outage}: {error}")?;
                }
            }
        }
        Ok(())
    }
}

/// The cells of a measurement.
struct Cells<'a>(&'a Measurement);

impl fmt::Display for Cells<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = self.0;
        let groups = [&seen.under, &seen.elsewhere];
        let sum = |number: fn(&Group) -> u64| groups.into_iter().map(number).sum::<u64>();
        let requested = seen.under.requested.max(seen.elsewhere.requested);
        write!(formatter, "| {} ({}) ", seen.revocations, seen.local_only)?;
        for group in groups {
            let time = if group.exists { seconds(group.acknowledged) } else { "-".to_owned() };
            write!(formatter, "| {time} ")?;
        }
        write!(formatter, "| {} ", seconds(requested))?;
        write!(formatter, "| {} ", sum(|group| group.valid.requests))?;
        write!(formatter, "| {} ", sum(|group| group.valid.refused))?;
        write!(formatter, "| {} ", sum(|group| group.valid.unavailable + group.valid.failed))?;
        match &seen.converged {
            Some(Ok(time)) => write!(formatter, "| {} |", seconds(*time)),
            Some(Err(_)) => write!(formatter, "| not |"),
            None => write!(formatter, "| |"),
        }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Outcome;

    #[test]
    fn a_row_has_the_numbers_and_a_failure_stands_below() {
        let mut seen = Measurement { revocations: 7, local_only: 2, ..Measurement::default() };
        seen.elsewhere.exists = true;
        seen.elsewhere.acknowledged = Duration::from_millis(15);
        seen.elsewhere.requested = Duration::from_millis(21);
        seen.elsewhere.valid.count(&Outcome::Accepted);
        seen.elsewhere.valid.count(&Outcome::Refused("401".to_owned()));
        seen.converged = Some(Ok(Duration::from_millis(120)));
        let measured = |failures| RowResult::Measured(Box::new(seen.clone()), failures);
        let row = |result| Row { fault: "none", outage: "refuse", result };
        let good = Table(vec![row(measured(Vec::new())), row(RowResult::Skipped("no `faketime`"))]);
        assert!(good.is_good());
        let expected = format!(
            "{HEAD}\n\
            | none | `refuse` | 7 (2) | - | 0.01 s | 0.02 s | 2 | 1 | 0 | 0.12 s |\n\
            | none | `refuse` | skipped | | | | | | | |\n\
            \n\
            skipped: none, refuse: no `faketime`\n"
        );
        assert_eq!(good.to_string(), expected);
        let bad = Table(vec![row(measured(vec!["late".to_owned()]))]);
        assert!(!bad.is_good());
        assert!(bad.to_string().ends_with("FAILED: none, refuse: late\n"));
        assert!(!Table(vec![row(RowResult::Broken(String::new()))]).is_good());
    }
}
