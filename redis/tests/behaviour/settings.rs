//! The settings and their problems.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum_protected_redis::RedisSettings;
use serde_json::{Value, json};

use super::server::folder;

fn problems(settings: RedisSettings) -> Vec<String> {
    match settings.open() {
        Ok(_) => Vec::new(),
        Err(error) => error.problems().map(str::to_owned).collect(),
    }
}

fn of_json(settings: Value) -> RedisSettings {
    serde_json::from_value(settings).unwrap()
}

#[test]
fn complete_settings_have_no_problem() {
    for settings in [
        json!("redis://127.0.0.1"),
        json!("redis://user:password@127.0.0.1:6380/3"),
        json!({"url": "valkey://127.0.0.1"}),
        json!({"urls": ["redis://127.0.0.1"]}),
        json!({
            "urls": ["redis://127.0.0.1:26379", "redis://127.0.0.1:26380"],
            "sentinel": "main",
            "username": "items-api",
            "password": "a",
            "sentinel_username": "items-api",
            "sentinel_password": "b",
            "replicas": 1,
        }),
        json!({
            "urls": ["redis://:p@127.0.0.1:1", "redis://:p@127.0.0.1:2"],
            "cluster": true,
            "stream": "s",
            "proof_prefix": "p",
            "response_timeout_seconds": 5,
        }),
    ] {
        assert_eq!(problems(of_json(settings.clone())), [""; 0], "{settings}");
    }
    let settings: RedisSettings = toml::from_str("url = 'redis://h'\ncluster = true").unwrap();
    assert_eq!(problems(settings), [""; 0]);
}

/// Each row has settings and the beginnings of their problems.
#[test]
fn every_problem_names_its_setting_and_no_secret() {
    let absent = "/absent/s3cret";
    let rows = [
        (json!(""), vec!["`url` is empty"]),
        (json!({}), vec!["`url` is missing"]),
        (json!({"urls": []}), vec!["`url` is missing"]),
        (json!("user:s3cret@h"), vec!["`url` has another scheme than"]),
        (
            json!({"url": "redis://h", "urls": ["redis://h"]}),
            vec!["`url` and `urls` exclude", "several `urls` need `sentinel`"],
        ),
        (
            json!({"urls": ["redis://h", "s3cret"], "cluster": true}),
            vec!["number 2 of the `urls` is not a URL"],
        ),
        (json!({"urls": ["redis://h", "rediss://h"], "cluster": true}), vec!["some `urls` are"]),
        (
            json!({"urls": ["redis://:s3cret@h", "redis://h"], "cluster": true}),
            vec!["the `urls` have different"],
        ),
        (json!({"url": "redis://h/1", "cluster": true}), vec!["a cluster has only the database 0"]),
        (
            json!({"url": "redis://h", "cluster": true, "sentinel": ""}),
            vec!["`sentinel` and `cluster` exclude", "`sentinel` is empty"],
        ),
        (
            json!({"url": "redis://:s3cret@h", "sentinel": "main"}),
            vec!["the `url` of a sentinel has"],
        ),
        (
            json!({"url": "redis://h", "sentinel_password": "s3cret"}),
            vec!["a user or a password of sentinels is set without `sentinel`"],
        ),
        (json!({"url": "redis://h", "username": "u"}), vec!["a user is set without a password"]),
        (json!("redis://s3cret@h"), vec!["a user is set without a password"]),
        (
            json!({"url": "redis://h", "username": "", "password": ""}),
            vec!["`username` is empty", "`password` is empty"],
        ),
        (
            json!({"url": "redis://u:s3cret@h", "username": "v", "password": "s3cret"}),
            vec![
                "`username` is set, and the `url` has a user",
                "the `url` has a password, and another setting too",
            ],
        ),
        (
            json!({"url": "redis://u:s3cret@h", "password_file": absent}),
            vec![
                "the `url` has a password, and another setting too",
                "`password_file`: the file cannot be read",
            ],
        ),
        (
            json!({"url": "redis://h", "password": "s3cret", "password_file": absent}),
            vec![
                "`password` and `password_file` exclude",
                "`password_file`: the file cannot be read",
            ],
        ),
        (json!({"url": "redis://h", "ca_file": absent}), vec!["certificates are set, but"]),
        (
            json!({"url": "redis://h", "client_key_file": absent}),
            vec![
                "`client_certificate_file` and `client_key_file` need each other",
                "certificates are set, but",
            ],
        ),
        (
            json!({"url": "redis://h", "stream": "", "proof_prefix": "x".repeat(513)}),
            vec!["`stream` is empty", "`proof_prefix` is longer than 512 bytes"],
        ),
        (
            json!({"url": "redis://h", "response_timeout_seconds": 0}),
            vec!["`response_timeout` is not"],
        ),
        (
            json!({"url": "redis://h", "response_timeout_seconds": 61}),
            vec!["`response_timeout` is not"],
        ),
    ];
    for (settings, expected) in rows {
        let shown = settings.to_string();
        let settings = of_json(settings);
        let debug = format!("{settings:?}");
        let found = problems(settings);
        assert_eq!(found.len(), expected.len(), "{shown}: {found:?}");
        for (problem, expected) in found.iter().zip(expected) {
            assert!(problem.starts_with(expected), "{shown}: {problem}");
        }
        assert!(!format!("{debug} {found:?}").contains("s3cret"), "{shown}: {debug} {found:?}");
    }
}

#[test]
fn other_shapes_are_refused_without_their_values() {
    for settings in [
        json!({"url": "redis://h", "pasword": "s3cret"}),
        json!({"url": "redis://h", "password": 33_331_234}),
        json!({"url": "redis://h", "password": 3333.1234}),
        json!({"url": "redis://h", "password": -33_331_234}),
        json!({"url": "redis://h", "password": true}),
        json!({"url": "redis://h", "password": {"s3cret": 1}}),
        json!({"url": "redis://h", "sentinel_password": ["s3cret"]}),
        json!({"url": "redis://h", "replicas": 256}),
        json!({"url": "redis://h", "replicas": -1}),
        json!({"url": "redis://h", "response_timeout_seconds": 1.5}),
        json!(5),
        json!(["redis://h"]),
        json!(null),
    ] {
        let error = serde_json::from_value::<RedisSettings>(settings.clone()).unwrap_err();
        let error = error.to_string();
        assert!(!error.contains("s3cret") && !error.contains("1234"), "{settings}: {error}");
    }
    let doubled = serde_json::from_str::<RedisSettings>(r#"{"url":"redis://h","url":"redis://h"}"#);
    assert!(doubled.unwrap_err().to_string().contains("duplicate field `url`"));
}

#[test]
fn files_of_passwords_are_checked_before_they_are_needed() {
    let folder = folder();
    let file = folder.join("password");
    for (content, expected) in [
        (b"  \n".to_vec(), "is empty"),
        (b"\xff".to_vec(), "is not UTF-8"),
        (vec![b'x'; 16 * 1024 + 1], "is longer than 16 KiB"),
    ] {
        fs::write(&file, content).unwrap();
        let problems = problems(RedisSettings::new("redis://h").password_file(&file));
        let path = file.display();
        assert_eq!(problems, [format!("`password_file`: the file `{path}` {expected}")]);
    }
    let problems = problems(RedisSettings::new("redis://h").password_file(&folder));
    assert!(problems[0].ends_with("is not a regular file"), "{problems:?}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn debug_outputs_have_no_password() {
    let settings = RedisSettings::new("redis://user:s3cret@redis.example").stream("mine");
    assert!(!format!("{settings:?}").contains("s3cret"));
    let redis = settings.open().unwrap();
    let shown = format!("{redis:?} {:?} {:?}", redis.revocation_log(), redis.proofs());
    assert!(shown.contains("redis.example") && !shown.contains("s3cret"), "{shown}");
}

#[test]
fn a_password_that_leaves_the_machine_without_tls_is_a_warning() {
    for (settings, warns) in [
        (RedisSettings::new("redis://:s3cret@redis.example"), true),
        (RedisSettings::new("redis://10.0.0.1").password("s3cret"), true),
        (RedisSettings::new("redis://127.0.0.1").url("redis://h").cluster().password("a"), true),
        (RedisSettings::new("redis://redis.example"), false),
        (RedisSettings::new("redis://:s3cret@127.0.0.1"), false),
        (RedisSettings::new("redis://:s3cret@[::1]"), false),
        (RedisSettings::new("redis://:s3cret@localhost"), false),
        #[cfg(feature = "__rustls")]
        (RedisSettings::new("rediss://:s3cret@redis.example"), false),
    ] {
        let shown = format!("{settings:?}");
        let events = Events::default();
        let writer = events.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, || settings.open().unwrap());
        let events = events.text();
        assert_eq!(events.contains("WARN axum_protected_redis: the password"), warns, "{shown}");
        assert!(!events.contains("s3cret"), "{events}");
    }
}

/// The output of a subscriber.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<u8>>>);

impl Events {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Events {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_response_timeout_has_bounds() {
    for (timeout, is_problem) in [
        (Duration::ZERO, true),
        (Duration::from_millis(99), true),
        (Duration::from_millis(100), false),
        (Duration::from_secs(60), false),
        (Duration::MAX, true),
    ] {
        let settings = RedisSettings::new("redis://h").response_timeout(timeout);
        assert_eq!(problems(settings).len(), usize::from(is_problem), "{timeout:?}");
    }
}
