//! Parses arbitrary bytes as an answer to a poll for security events. Each event that is read must be
//! a member of `sets`, under its only name, and no event may be lost without a sign.
#![no_main]

use std::collections::HashSet;

use axum_protected::security_event::fuzzing::poll_answer;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const LIMIT: usize = 3;

fuzz_target!(|body: &[u8]| {
    let Some((events, has_more)) = poll_answer(body, LIMIT) else { return };
    let answer: Value = serde_json::from_slice(body).unwrap();
    let sets = answer["sets"].as_object().unwrap();
    assert_eq!(events.len(), sets.len().min(LIMIT));
    assert_eq!(has_more, sets.len() > LIMIT || answer.get("moreAvailable") == Some(&true.into()));
    let names: HashSet<_> = events.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), events.len());
    for (name, event) in &events {
        assert_eq!(sets[name].as_str(), event.as_deref());
    }
});
