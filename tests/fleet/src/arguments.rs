//! The arguments of the program.

use std::path::PathBuf;

use crate::expectation::Outage;

pub(crate) const USAGE: &str = "\
usage: fleet --program PATH [--short] [--only TEXT] [--outage go_on|refuse] [--parallel N]

  --program   the path of the program `items-api`
  --short     a few seconds for each fault, and not all faults
  --only      the faults whose names contain TEXT
  --outage    one choice of the operator instead of both
  --parallel  fleets at the same time, by default 1";

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) program: PathBuf,
    pub(crate) is_short: bool,
    pub(crate) only: Option<String>,
    pub(crate) outages: Vec<Outage>,
    pub(crate) parallel: usize,
}

/// Parses the arguments.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Arguments, String> {
    let mut program = None;
    let mut parsed = Arguments {
        program: PathBuf::new(),
        is_short: false,
        only: None,
        outages: vec![Outage::GoOn, Outage::Refuse],
        parallel: 1,
    };
    let mut arguments = arguments.into_iter();
    while let Some(name) = arguments.next() {
        if name == "--short" {
            parsed.is_short = true;
            continue;
        }
        let value =
            arguments.next().ok_or_else(|| format!("`{name}` has no value or is unknown"))?;
        match name.as_str() {
            "--program" => program = Some(PathBuf::from(value)),
            "--only" => parsed.only = Some(value),
            "--outage" => parsed.outages = vec![outage(&value)?],
            "--parallel" => {
                let number = value.parse().ok().filter(|&number| number > 0);
                parsed.parallel = number.ok_or_else(|| format!("`{value}` is not a number"))?;
            }
            _ => return Err(format!("unknown argument `{name}`")),
        }
    }
    parsed.program = program.ok_or("`--program` is missing")?;
    Ok(parsed)
}

fn outage(name: &str) -> Result<Outage, String> {
    let known = [Outage::GoOn, Outage::Refuse].into_iter().find(|outage| outage.name() == name);
    known.ok_or_else(|| format!("`{name}` is neither `go_on` nor `refuse`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_and_unknown_ones_are_errors() {
        let parse = |line: &str| parse(line.split_whitespace().map(str::to_owned));
        let all = parse("--program p --short --only cut --outage refuse --parallel 2").unwrap();
        let expected = Arguments {
            program: "p".into(),
            is_short: true,
            only: Some("cut".to_owned()),
            outages: vec![Outage::Refuse],
            parallel: 2,
        };
        assert_eq!(all, expected);
        assert_eq!(parse("--program p").unwrap().outages.len(), 2);
        for line in
            ["", "--program", "--program p --outage stop", "--program p --parallel 0", "-x 1"]
        {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
