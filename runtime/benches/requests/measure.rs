//! The cases with their stage, keys and credentials.

use axum_protected_testing::SigningKeys;
use serde_json::Value;

use crate::case::{CASES, Work};
use crate::common::case::Case;
use crate::common::instructions::{self, Task};
use crate::common::measure::{self, Cost, Performance};
use crate::credentials::Credentials;
use crate::stage::Stage;

/// The number of tokens that fill the cache under valgrind. It is small, because the size of the
/// cache does not change the number of instructions.
const FILLING: usize = 400;

/// The keys, the credentials of the requests, and the credentials that fill the cache before the
/// requests.
pub(crate) type Script = (Value, Vec<Option<String>>, Vec<Option<String>>);

struct CasePerformance<'a> {
    case: Case<Work>,
    credentials: Credentials,
    stage: &'a Stage,
    keys: &'a SigningKeys,
}

pub(crate) fn all(cases: &[Case<Work>], keys: &SigningKeys) -> Vec<Cost<Work>> {
    let works: Vec<_> = cases.iter().map(|case| case.work).collect();
    let stage = Stage::new(keys.jwks(), &Stage::filling(&works, keys));
    let performances = cases.iter().map(|case| CasePerformance {
        case: *case,
        credentials: Credentials::of(case.work, keys),
        stage: &stage,
        keys,
    });
    measure::all(&performances.collect::<Vec<_>>())
}

impl Performance for CasePerformance<'_> {
    type Work = Work;

    fn case(&self) -> Case<Work> {
        self.case
    }

    fn batch(&self, count: usize) -> Box<dyn FnOnce() + '_> {
        self.stage.batch(self.case.work, &self.credentials.take(count))
    }

    fn instructions(&self) -> Option<u64> {
        let sent = self.credentials.take(instructions::SENT);
        let mut filling = Stage::filling(&[self.case.work], self.keys);
        filling.truncate(FILLING);
        let script: Script = (self.keys.jwks(), sent, filling);
        instructions::count(self.case.name, &script)
    }
}

/// Performs a task under valgrind.
pub(crate) fn perform(task: &Task<Script>) -> ! {
    let (jwks, sent, filling) = &task.script;
    let work = CASES.iter().find(|known| known.name == task.case).unwrap().work;
    let stage = Stage::new(jwks.clone(), filling);
    task.perform(sent, |credentials| stage.batch(work, credentials))
}
