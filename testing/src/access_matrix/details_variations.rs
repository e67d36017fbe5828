//! Variations of authorization details that a route must not take for the demanded object.

use serde_json::{Map, Value, json};

const CLAIM: &str = "authorization_details";

/// The member with the resource servers that an object is for (RFC 9396 section 2.2).
const LOCATIONS: &str = "locations";

/// A resource server that is not the one under test.
const ELSEWHERE: &str = "https://other.invalid";

/// Returns the claims with each object split in two, which have the demanded values together.
/// Returns `None` if no object has two values.
pub(super) fn spread(claims: &Map<String, Value>) -> Option<Map<String, Value>> {
    let objects = objects(claims)?;
    let spread: Vec<Value> = objects.iter().flat_map(halves).collect();
    (spread.len() > objects.len()).then(|| with(claims, spread))
}

/// Returns the claims with details for another resource server only. Returns `None` if there are no
/// details.
pub(super) fn for_another_location(claims: &Map<String, Value>) -> Option<Map<String, Value>> {
    let objects = objects(claims)?.iter().map(|object| {
        let mut object = object.clone();
        if let Some(members) = object.as_object_mut() {
            members.insert(LOCATIONS.to_owned(), json!([ELSEWHERE]));
        }
        object
    });
    Some(with(claims, objects.collect()))
}

fn objects(claims: &Map<String, Value>) -> Option<&Vec<Value>> {
    claims.get(CLAIM)?.as_array().filter(|objects| !objects.is_empty())
}

fn with(claims: &Map<String, Value>, objects: Vec<Value>) -> Map<String, Value> {
    let mut claims = claims.clone();
    claims.insert(CLAIM.to_owned(), objects.into());
    claims
}

/// Returns an object with the first value and an object with the other values. Both have the type
/// and the locations. Returns the object itself if it has fewer than two values.
fn halves(object: &Value) -> Vec<Value> {
    let Some(members) = object.as_object() else {
        return vec![object.clone()];
    };
    let is_common = |name: &str| matches!(name, "type" | LOCATIONS);
    let common: Map<String, Value> =
        members.iter().filter(|(name, _)| is_common(name)).map(owned).collect();
    let values: Vec<(&String, Value)> = members
        .iter()
        .filter(|(name, _)| !is_common(name))
        .flat_map(|(name, value)| match value.as_array() {
            Some(values) => values.iter().map(|value| (name, json!([value]))).collect(),
            None => vec![(name, value.clone())],
        })
        .collect();
    match values.as_slice() {
        [(name, value), others @ ..] if !others.is_empty() => {
            let (mut first, mut second) = (common.clone(), common);
            first.insert((*name).clone(), value.clone());
            for (name, value) in others {
                match (second.get_mut(*name).and_then(Value::as_array_mut), value.as_array()) {
                    (Some(known), Some(more)) => known.extend(more.iter().cloned()),
                    _ => drop(second.insert((*name).clone(), value.clone())),
                }
            }
            vec![first.into(), second.into()]
        }
        _ => vec![object.clone()],
    }
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(details: Value) -> Map<String, Value> {
        Map::from_iter([(CLAIM.to_owned(), details)])
    }

    #[test]
    fn the_values_of_an_object_are_spread_over_two() {
        let whole = claims(json!([
            {"type": "a", "actions": ["x", "y", "z"], "identifier": "1", "locations": ["api"]},
            {"type": "b", "actions": ["x"]},
        ]));
        let expected = json!([
            {"type": "a", "locations": ["api"], "actions": ["x"]},
            {"type": "a", "locations": ["api"], "actions": ["y", "z"], "identifier": "1"},
            {"type": "b", "actions": ["x"]},
        ]);
        assert_eq!(spread(&whole).unwrap()[CLAIM], expected);
        assert!(spread(&claims(json!([{"type": "a", "actions": ["x"]}]))).is_none());
        assert!(spread(&Map::new()).is_none());
    }

    #[test]
    fn the_details_are_for_another_location() {
        let elsewhere = for_another_location(&claims(json!([{"type": "a"}]))).unwrap();
        assert_eq!(elsewhere[CLAIM], json!([{"type": "a", "locations": [ELSEWHERE]}]));
        assert!(for_another_location(&Map::new()).is_none());
    }
}
