//! Claims that the caller chooses for all tokens of the access matrix.

use serde_json::{Map, Value};

/// Claims whose values decide if a token is valid. The access matrix sets them itself.
const RESERVED: [&str; 5] = ["iss", "aud", "exp", "nbf", "iat"];

#[derive(Debug, Clone, Default)]
pub(super) struct ChosenClaims(Map<String, Value>);

impl ChosenClaims {
    /// Chooses a claim. Returns the problem if the access matrix must set this claim itself.
    pub(super) fn choose(&mut self, name: &str, value: Value) -> Result<(), String> {
        if RESERVED.contains(&name) {
            let fix = if name == "aud" { ": use `audience`" } else { "" };
            return Err(format!(
                "the claim `{name}` cannot be chosen, because the access matrix sets it{fix}"
            ));
        }
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    /// Chooses the claims of a JSON object. Returns the problems.
    pub(super) fn choose_all(&mut self, claims: Value) -> Vec<String> {
        match claims {
            Value::Object(claims) => claims
                .into_iter()
                .filter_map(|(name, value)| self.choose(&name, value).err())
                .collect(),
            _ => vec!["`claims` takes a JSON object".to_owned()],
        }
    }

    /// Returns the claims of a token with the chosen claims added.
    pub(super) fn added_to(&self, claims: &Map<String, Value>) -> Map<String, Value> {
        let mut all = claims.clone();
        for (name, value) in &self.0 {
            merge(all.entry(name.as_str()).or_insert(Value::Null), value);
        }
        all
    }

    /// Returns each chosen claim alone.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, Self)> {
        self.0.iter().map(|(name, value)| {
            (name.as_str(), Self(Map::from_iter([(name.clone(), value.clone())])))
        })
    }

    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.0.keys().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    }
}

/// Merges objects member by member. Any other value is replaced.
fn merge(claim: &mut Value, chosen: &Value) {
    match (claim, chosen) {
        (Value::Object(claim), Value::Object(chosen)) => {
            for (name, value) in chosen {
                merge(claim.entry(name.as_str()).or_insert(Value::Null), value);
            }
        }
        (claim, chosen) => *claim = chosen.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn chosen_members_of_an_object_leave_the_other_members() {
        let mut chosen = ChosenClaims::default();
        chosen.choose("app", json!({"tenant": "acme"})).unwrap();
        chosen.choose("sub", json!("alice")).unwrap();
        let claims = json!({"app": {"roles": ["r"]}, "sub": "x", "jti": "1"});
        let all = chosen.added_to(claims.as_object().unwrap());
        let expected =
            json!({"app": {"roles": ["r"], "tenant": "acme"}, "sub": "alice", "jti": "1"});
        assert_eq!(Value::Object(all), expected);
    }

    #[test]
    fn the_claims_that_decide_if_a_token_is_valid_cannot_be_chosen() {
        for name in RESERVED {
            let problem = ChosenClaims::default().choose(name, json!(1)).unwrap_err();
            assert!(problem.contains(&format!("`{name}`")), "{problem}");
        }
    }
}
