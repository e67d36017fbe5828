//! Instructions, which valgrind counts: this program runs itself under it.
//!
//! A case is performed with two numbers of requests, with the same preparations each time; the
//! difference is what the requests took and nothing else. Tokens are handed over in a file, since
//! making RSA keys and signatures there would take minutes.
//!
//! Valgrind pretends to a processor without the newest instructions (those for SHA-256 among them),
//! so cryptography takes others there than without it: compare these numbers with each other only.
//! The counting allocator adds about a hundred for each allocation, to all cases alike.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::sync::Once;

use axum_protected_testing::SigningKeys;
use serde_json::{Value, json};

use crate::case::{CASES, Case};
use crate::credentials::Credentials;
use crate::stage::Stage;

/// What tells the program that it runs under valgrind: `FLAG script case count`.
pub(crate) const FLAG: &str = "--perform";

const FEW: usize = 20;
const MANY: usize = 220;

/// Instructions of one request; `None` where valgrind is not to be had.
pub(crate) fn count(case: Case, credentials: &Credentials, keys: &SigningKeys) -> Option<u64> {
    let name = format!("axum-protected-bench-{}.json", std::process::id());
    let script = std::env::temp_dir().join(name);
    // One more, which is sent before the others.
    let brought = credentials.take(MANY + 1);
    let text = json!([keys.jwks(), brought]).to_string();
    std::fs::write(&script, text).unwrap();
    let counts = [FEW, MANY].map(|count| collected(&script, case, count));
    std::fs::remove_file(&script).unwrap();
    let [few, many] = counts;
    let requests = u64::try_from(MANY - FEW).unwrap();
    Some(many?.saturating_sub(few?) / requests)
}

fn collected(script: &Path, case: Case, count: usize) -> Option<u64> {
    static TOLD: Once = Once::new();
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
    TOLD.call_once(|| println!("no instructions are counted, for want of valgrind: {problem}"));
    None
}

fn after<'a>(report: &'a str, label: &str) -> Option<&'a str> {
    let (_, rest) = report.split_once(label)?;
    rest.split_whitespace().next()
}

/// Under valgrind: performs the case so many times. All requests are prepared, however many are
/// sent.
pub(crate) fn perform(script: &str, case: &str, count: &str) {
    let text = std::fs::read_to_string(script).unwrap();
    let (jwks, brought): (Value, Vec<Option<String>>) = serde_json::from_str(&text).unwrap();
    let work = CASES.iter().find(|known| known.name == case).unwrap().work;
    let stage = Stage::new(jwks);
    let (first, others) = brought.split_at(1);
    let (sent, unsent) = others.split_at(count.parse().unwrap());
    let [first, sent, _unsent] = [first, sent, unsent].map(|brought| stage.batch(work, brought));
    first();
    sent();
    // The others are not even dropped.
    std::process::exit(0);
}
