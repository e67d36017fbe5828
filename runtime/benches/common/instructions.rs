//! Counts instructions with valgrind. The bench starts its own program a second time under
//! valgrind.
//!
//! `count` performs each case with two different numbers of requests and the same preparation. The
//! difference of the two instruction counts is the cost of the requests alone. `count` passes the
//! tokens in a file, the script, because creating RSA keys and signatures under valgrind would take
//! minutes.
//!
//! Valgrind emulates a processor without the newest instructions (such as the instructions for
//! SHA-256), so cryptographic libraries use other code than without valgrind. Compare these
//! instruction counts only with each other. In all cases, the counting allocator adds about a
//! hundred instructions for each allocation.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The first argument of this program under valgrind. All arguments are `FLAG script case count`.
const FLAG: &str = "--perform";

const FEW: usize = 20;
const MANY: usize = 220;
/// The number of requests in a script: one more, for the warm-up.
pub(crate) const SENT: usize = MANY + 1;

/// The arguments of this program under valgrind.
pub(crate) struct Task<S> {
    pub(crate) script: S,
    pub(crate) case: String,
    count: usize,
}

/// Returns the number of instructions of one request of the case. The script contains `SENT`
/// requests. Returns `None` if valgrind is not installed.
pub(crate) fn count(case: &str, script: &impl Serialize) -> Option<u64> {
    let name = format!("axum-protected-bench-{}.json", std::process::id());
    let file = std::env::temp_dir().join(name);
    std::fs::write(&file, serde_json::to_vec(script).unwrap()).unwrap();
    let counts = [FEW, MANY].map(|count| collected(&file, case, count));
    std::fs::remove_file(&file).unwrap();
    let [few, many] = counts;
    let requests = u64::try_from(MANY - FEW).unwrap();
    Some(many?.saturating_sub(few?) / requests)
}

fn collected(script: &Path, case: &str, count: usize) -> Option<u64> {
    static REPORTED: Once = Once::new();
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().unwrap())
        .args([FLAG.as_ref(), script.as_os_str()])
        .args([case, &count.to_string()])
        .output();
    let problem = match output {
        Ok(output) => {
            let report = String::from_utf8_lossy(&output.stderr).into_owned();
            let counted = after(&report, "Collected :").and_then(|number| number.parse().ok());
            if output.status.success() && counted.is_some() {
                return counted;
            }
            report
        }
        Err(error) if error.kind() == ErrorKind::NotFound => "it is not installed".to_owned(),
        Err(error) => error.to_string(),
    };
    REPORTED.call_once(|| println!("no instructions are counted, valgrind failed: {problem}"));
    None
}

fn after<'a>(report: &'a str, label: &str) -> Option<&'a str> {
    let (_, rest) = report.split_once(label)?;
    rest.split_whitespace().next()
}

/// Returns the task of this program if it runs under valgrind.
pub(crate) fn task<S: DeserializeOwned>(arguments: &[String]) -> Option<Task<S>> {
    match arguments {
        [flag, script, case, count] if flag == FLAG => Some(Task {
            script: serde_json::from_slice(&std::fs::read(script).unwrap()).unwrap(),
            case: case.clone(),
            count: count.parse().unwrap(),
        }),
        _ => None,
    }
}

impl<S> Task<S> {
    /// Sends the number of requests of this task, under valgrind. Prepares all requests of the
    /// script, even if it sends fewer. Exits the program, so that valgrind does not count the
    /// instructions that deallocate the unsent requests.
    pub(crate) fn perform<'a, R>(
        &self,
        requests: &[R],
        prepare: impl Fn(&[R]) -> Box<dyn FnOnce() + 'a>,
    ) -> ! {
        let (first, others) = requests.split_at(1);
        let (sent, unsent) = others.split_at(self.count);
        let [first, sent, _unsent] = [first, sent, unsent].map(prepare);
        first();
        sent();
        std::process::exit(0);
    }
}
