//! Counts instructions with valgrind. The bench starts its own program a second time under
//! valgrind.
//!
//! `count` performs each case with two different numbers of requests and the same preparation. The
//! difference of the two instruction counts is the cost of the requests alone. `count` passes the
//! tokens in a file, because creating RSA keys and signatures under valgrind would take minutes.
//!
//! Valgrind emulates a processor without the newest instructions (such as the instructions for
//! SHA-256), so cryptographic libraries use other code than without valgrind. Compare these
//! instruction counts only with each other. In all cases, the counting allocator adds about a
//! hundred instructions for each allocation.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use axum_protected_testing::SigningKeys;
use serde_json::{Value, json};

use crate::case::{CASES, Case};
use crate::credentials::Credentials;
use crate::stage::Stage;

/// The first argument of this program under valgrind. All arguments are `FLAG script case count`.
pub(crate) const FLAG: &str = "--perform";

/// The keys, the credentials of the requests, and the credentials that fill the cache before the
/// requests.
type Script = (Value, Vec<Option<String>>, Vec<Option<String>>);

const FEW: usize = 20;
const MANY: usize = 220;
const FILLING: usize = 400;

/// Returns the number of instructions of one request. Returns `None` if valgrind is not installed.
pub(crate) fn count(case: Case, credentials: &Credentials, keys: &SigningKeys) -> Option<u64> {
    let name = format!("axum-protected-bench-{}.json", std::process::id());
    let script = std::env::temp_dir().join(name);
    // The additional credential is for the warm-up request.
    let credentials_sent = credentials.take(MANY + 1);
    // A small number of tokens fills the cache, because the size of the cache does not change the
    // number of instructions.
    let mut filling = Stage::filling(&[case.work], keys);
    filling.truncate(FILLING);
    let text = json!([keys.jwks(), credentials_sent, filling]).to_string();
    std::fs::write(&script, text).unwrap();
    let counts = [FEW, MANY].map(|count| collected(&script, case, count));
    std::fs::remove_file(&script).unwrap();
    let [few, many] = counts;
    let requests = u64::try_from(MANY - FEW).unwrap();
    Some(many?.saturating_sub(few?) / requests)
}

fn collected(script: &Path, case: Case, count: usize) -> Option<u64> {
    static REPORTED: Once = Once::new();
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().unwrap())
        .args([FLAG.as_ref(), script.as_os_str()])
        .args([case.name, &count.to_string()])
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

/// Sends this number of requests of the case, under valgrind. Prepares all requests of the script,
/// even if it sends fewer.
pub(crate) fn perform(script: &str, case: &str, count: &str) {
    let text = std::fs::read_to_string(script).unwrap();
    let (jwks, credentials_sent, filling): Script = serde_json::from_str(&text).unwrap();
    let work = CASES.iter().find(|known| known.name == case).unwrap().work;
    let stage = Stage::new(jwks, &filling);
    let (first, others) = credentials_sent.split_at(1);
    let (sent, unsent) = others.split_at(count.parse().unwrap());
    let [first, sent, _unsent] =
        [first, sent, unsent].map(|credentials_sent| stage.batch(work, credentials_sent));
    first();
    sent();
    // The program exits here, so that valgrind does not count the instructions that deallocate the
    // unsent requests.
    std::process::exit(0);
}
