//! Tests of the text of a record: what is written is read, and nothing else is.

use proptest::prelude::*;

use super::*;

fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        any::<u64>().prop_map(Timestamp::from_nanoseconds),
        (0..u64::from(u32::MAX)).prop_map(|seconds| Timestamp::from_parts(seconds, 0).unwrap()),
        Just(Timestamp::default()),
        Just(Timestamp::MAX),
    ]
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL.as_slice())
}

proptest! {
    #[test]
    fn a_revocation_is_read_as_it_was_written(
        issuer in any::<String>(),
        name in any::<String>(),
        kind in any_kind(),
        until in any_time(),
        latest in any_time(),
    ) {
        let latest = kind.has_latest().then_some(latest);
        let name = if kind == Kind::Issuer { String::new() } else { name };
        let text = revocation(&RevocationText { issuer: &issuer, kind, name: &name, until, latest });
        let expected = Record::Revocation(Revocation { issuer, kind, name, latest }, until);
        prop_assert_eq!(read(&text), Ok(expected), "{}", text);
    }

    #[test]
    fn an_announcement_is_read_as_it_was_written(
        major in any::<u64>(),
        minor in any::<u64>(),
        until in any_time(),
    ) {
        let records =
            Trimmed { from: LogPosition::new(minor, major), before: LogPosition::new(major, minor) };
        let text = trimmed(records, until);
        prop_assert_eq!(read(&text), Ok(Record::Trimmed(records, until)), "{}", text);
    }

    #[test]
    fn no_text_causes_a_panic(text in any::<String>()) {
        let _ = read(&text);
    }
}

#[test]
fn the_texts_are_stable() {
    let at = |seconds, nanoseconds| Timestamp::from_parts(seconds, nanoseconds).unwrap();
    let text = |kind: Kind, name, until, latest: Option<Timestamp>| {
        revocation(&RevocationText { issuer: "https://a", kind, name, until, latest })
    };
    assert_eq!(
        text(Kind::Token, "j\"1", at(7, 0), None),
        r#"{"v":1,"issuer":"https://a","token":"j\"1","until":7}"#
    );
    assert_eq!(
        text(Kind::Subject, "alice", at(7, 1), Some(at(6, 500_000_000))),
        concat!(
            r#"{"v":1,"issuer":"https://a","subject":"alice","until":7,"until_nanoseconds":1,"#,
            r#""issued_until":6,"issued_until_nanoseconds":500000000}"#
        )
    );
    assert_eq!(
        text(Kind::Issuer, "", at(7, 0), Some(at(0, 0))),
        r#"{"v":1,"issuer":"https://a","all":true,"until":7,"issued_until":0}"#
    );
    assert_eq!(
        trimmed(Trimmed { from: LogPosition::new(1, 2), before: LogPosition::new(7, 0) }, at(9, 0)),
        r#"{"v":1,"trimmed_from":"1-2","trimmed_before":"7-0","until":9}"#
    );
}

#[test]
fn hostile_texts_are_not_records() {
    let huge = "n".repeat(RECORD_LIMIT);
    let texts = [
        "",
        "{}",
        "null",
        "[1]",
        r#"{"v":1}"#,
        r#"{"issuer":"a","token":"j","until":1}"#,
        r#"{"v":2,"issuer":"a","token":"j","until":1}"#,
        r#"{"v":"1","issuer":"a","token":"j","until":1}"#,
        r#"{"v":1.0,"issuer":"a","token":"j","until":1}"#,
        r#"{"v":1,"token":"j","until":1}"#,
        r#"{"v":1,"issuer":7,"token":"j","until":1}"#,
        r#"{"v":1,"issuer":"a","until":1}"#,
        r#"{"v":1,"issuer":"a","token":7,"until":1}"#,
        r#"{"v":1,"issuer":"a","token":null,"until":1}"#,
        r#"{"v":1,"issuer":"a","token":"j"}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":-1}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1.5}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1e300}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":"1"}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":18446744074}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1,"until":2}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1,"until_nanoseconds":0}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1,"until_nanoseconds":1000000000}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1,"until_nanoseconds":-1}"#,
        r#"{"v":1,"issuer":"a","token":"j","until_nanoseconds":1}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1,"issued_until":1}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1,"issued_until_nanoseconds":1}"#,
        r#"{"v":1,"issuer":"a","token":"j","session":"s","until":1}"#,
        r#"{"v":1,"issuer":"a","token":"j","token":"j","until":1}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1,"reason":"logout"}"#,
        r#"{"v":1,"issuer":"a","token":"j","until":1} {}"#,
        r#"{"v":1,"issuer":"a","subject":"alice","until":1}"#,
        r#"{"v":1,"issuer":"a","client":"web","until":1}"#,
        r#"{"v":1,"issuer":"a","all":true,"until":1}"#,
        r#"{"v":1,"issuer":"a","all":false,"until":1,"issued_until":1}"#,
        r#"{"v":1,"issuer":"a","all":1,"until":1,"issued_until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"7","until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"7-","until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"07-0","until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"+7-0","until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"7-0-0","until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"18446744073709551616-0","until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"7-0"}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"7-0","until":1,"issuer":"a"}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"7-0","until":1,"issued_until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","trimmed_before":"7-0","token":"j","issuer":"a","until":1}"#,
        r#"{"v":1,"trimmed_before":"7-0","until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","until":1}"#,
        r#"{"v":1,"trimmed_from":"1","trimmed_before":"7-0","until":1}"#,
        r#"{"v":1,"trimmed_from":null,"trimmed_before":"7-0","until":1}"#,
        r#"{"v":1,"trimmed_from":"1-0","issuer":"a","token":"j","until":1}"#,
        &format!(r#"{{"v":1,"issuer":"a","token":"{huge}","until":1}}"#),
    ];
    for text in texts {
        assert_eq!(read(text), Err(NotARecord), "{text}");
    }
}
