//! Reads arbitrary text as a record of a log of revocations. A record that is read must be written
//! again with the same members, because every instance must understand every record alike.
#![no_main]

use axum_protected::revocation::fuzzing::rewritten;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &str| {
    let Some(written) = rewritten(text) else { return };
    assert!(text.len() <= 16 * 1024);
    let members: Value = serde_json::from_str(text).unwrap();
    assert_eq!(members["v"], 1);
    assert_eq!(members, serde_json::from_str::<Value>(&written).unwrap());
    assert_eq!(rewritten(&written).as_deref(), Some(written.as_str()));
});
