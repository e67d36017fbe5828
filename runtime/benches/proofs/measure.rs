//! The cases with their stage and their credentials.

use serde_json::Value;

use crate::case::{CASES, Work};
use crate::common::case::Case;
use crate::common::instructions::{self, Task};
use crate::common::measure::{self, Cost, Performance};
use crate::sent::{Keys, Sent, Source};
use crate::stage::Stage;

/// The keys of the issuer, and the credentials of the requests.
pub(crate) type Script = (Value, Vec<Sent>);

struct CasePerformance<'a> {
    case: Case<Work>,
    source: Source<'a>,
    stage: &'a Stage,
    jwks: &'a Value,
}

pub(crate) fn all(cases: &[Case<Work>]) -> Vec<Cost<Work>> {
    let keys = Keys::generate();
    let jwks = keys.issuer.jwks();
    let stage = Stage::new(jwks.clone());
    let performances = cases.iter().map(|case| CasePerformance {
        case: *case,
        source: Source::new(case.work, &keys),
        stage: &stage,
        jwks: &jwks,
    });
    measure::all(&performances.collect::<Vec<_>>())
}

impl Performance for CasePerformance<'_> {
    type Work = Work;

    fn case(&self) -> Case<Work> {
        self.case
    }

    fn batch(&self, count: usize) -> Box<dyn FnOnce() + '_> {
        self.stage.batch(self.case.work, &self.source.take(count))
    }

    fn instructions(&self) -> Option<u64> {
        let script: Script = (self.jwks.clone(), self.source.take(instructions::SENT));
        instructions::count(self.case.name, &script)
    }
}

/// Performs a task under valgrind.
pub(crate) fn perform(task: &Task<Script>) -> ! {
    let (jwks, sent) = &task.script;
    let work = CASES.iter().find(|known| known.name == task.case).unwrap().work;
    let stage = Stage::new(jwks.clone());
    task.perform(sent, |sent| stage.batch(work, sent))
}
