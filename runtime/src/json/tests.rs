use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::*;

#[test]
fn text_other_than_one_strict_object_is_refused() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200));
    let cases: &[&str] = &[
        "",
        "null",
        "[]",
        "\"a\"",
        "1",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "{\"a\":[{\"b\":1,\"b\":2}]}",
        "{\"a\":01}",
        "{\"a\":1e400}",
        "{\"a\":NaN}",
        "{\"a\":\"\\uDEAD\"}",
        "{\"a\":\"\t\"}",
        "\u{feff}{}",
        &deep,
    ];
    for case in cases {
        assert!(object(case.as_bytes()).is_err(), "{case:.60}");
    }
    assert!(object(b"{\"a\":\"\xff\"}").is_err());
    assert!(object(b"{\"a\":\"\xc0\xaf\"}").is_err(), "overlong");
}

fn read(text: &str) -> Document {
    object(text.as_bytes()).unwrap()
}

fn value_of(document: &Document) -> Value {
    Value::deserialize(Item::Object(document.root())).unwrap()
}

#[test]
fn an_object_reads_as_serde_json_reads_it() {
    let text = " {\"a\":[1,-2,1.5,true,null,\"\\u0061\",{\"b\":\"\u{1F600}\"}]} ";
    let expected: Value = serde_json::from_str(text).unwrap();
    assert_eq!(value_of(&read(text)), expected);
}

#[test]
fn members_are_found_by_their_whole_name() {
    let document = read(r#"{"a":{"b":{"c":1}},"a.b":2,"":3,"ab":[{"a":4}],"x":"a"}"#);
    let root = document.root();
    let cases: &[(&[&str], Option<i64>)] = &[
        (&["a", "b", "c"], Some(1)),
        (&["a.b"], Some(2)),
        (&[""], Some(3)),
        (&["a", "c"], None),
        (&["b"], None),
        (&["c"], None),
        (&["x", "a"], None),
        (&["ab", "a"], None),
        (&["ab", "0"], None),
        (&["A"], None),
        (&[], None),
    ];
    for (path, expected) in cases {
        let found = match root.member(path) {
            Some(Item::Number(number)) => number.as_i64(),
            _ => None,
        };
        assert_eq!(found, *expected, "{path:?}");
    }
}

/// The deserialized types include enums, newtypes, options, and maps whose keys are not strings.
#[test]
fn types_are_deserialized_as_by_serde_json() {
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use serde::de::DeserializeOwned;

    #[derive(Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
    struct UserId(String);

    #[derive(Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
    enum Role {
        Reader,
        Other(String),
        Of { api: u8 },
    }

    fn assert_same<T: DeserializeOwned + Debug + PartialEq>(texts: &[&str]) {
        for text in texts {
            let expected = serde_json::from_str::<T>(text).ok();
            let document = read(text);
            let found = T::deserialize(Item::Object(document.root())).ok();
            assert_eq!(found, expected, "{text}");
        }
    }

    assert_same::<BTreeMap<UserId, Role>>(&[
        r#"{"a":"Reader","b":{"Other":"x"},"c":{"Of":{"api":7}}}"#,
        r#"{"a":{"Reader":null}}"#,
        r#"{"a":{"Other":"x","Of":{"api":7}}}"#,
        r#"{"a":{}}"#,
        r#"{"a":"Unknown"}"#,
        r#"{"a":7}"#,
    ]);
    assert_same::<BTreeMap<u64, Option<bool>>>(&[
        r#"{"1":true,"18446744073709551615":null}"#,
        r#"{"x":true}"#,
    ]);
    assert_same::<BTreeMap<u8, bool>>(&[
        r#"{"1":true,"+1":false}"#,
        r#"{"01":true}"#,
        r#"{" 1":true}"#,
        r#"{"":true}"#,
    ]);
    assert_same::<BTreeMap<i8, u8>>(&[
        r#"{"-128":255}"#,
        r#"{"128":1}"#,
        r#"{"1":256}"#,
        r#"{"1":-1}"#,
    ]);
    assert_same::<BTreeMap<bool, f64>>(&[r#"{"true":1,"false":-1.5}"#, r#"{"True":1}"#]);
    assert_same::<BTreeMap<Option<String>, Vec<char>>>(&[r#"{"a":["b"]}"#, r#"{"a":["bc"]}"#]);
    assert_same::<BTreeMap<Role, bool>>(&[r#"{"Reader":true}"#, r#"{"Other":true}"#]);
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i32>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 64, 16, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..16).prop_map(Value::from),
            prop::collection::btree_map(".{0,8}", inner, 0..16)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    let members = prop::collection::btree_map(".{0,8}", value(), 0..40);
    members.prop_map(|members| Value::Object(members.into_iter().collect()).to_string())
}

proptest! {
    #[test]
    fn any_object_reads_as_serde_json_reads_it(text in text()) {
        let expected: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(value_of(&read(&text)), expected);
    }

    /// The test repeats the name of a random member of the object.
    #[test]
    fn a_repeated_name_is_refused(text in text(), index in any::<prop::sample::Index>()) {
        let value: Value = serde_json::from_str(&text).unwrap();
        let names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        prop_assume!(!names.is_empty());
        let name = Value::from(index.get(&names).as_str());
        let doubled = format!("{},{name}:0}}", text.strip_suffix('}').unwrap());
        prop_assert!(object(doubled.as_bytes()).is_err(), "{}", doubled);
    }

    /// The caches use `Document::size` to limit their memory.
    #[test]
    fn no_object_uses_more_memory_than_its_size(text in text()) {
        let mut read = None;
        let measured = allocation_counter::measure(|| read = object(text.as_bytes()).ok());
        let used = usize::try_from(measured.bytes_current).unwrap();
        prop_assert!(used <= read.unwrap().size(), "{used} bytes: {text}");
    }
}
