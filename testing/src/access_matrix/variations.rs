//! The tokens with which the access matrix tries a combination of demands.

use serde_json::{Map, Value};

use super::details_variations::{for_another_location, spread};
use super::tokens::Tokens;
use axum_protected::__testing::ClaimsVerdict;
use axum_protected::policy::{Demand, Requirement};

/// The difference of a token from one that satisfies all demands.
#[derive(Clone, Copy)]
pub(super) enum Variation {
    Whole,
    /// The token leaves out this demand.
    Without(Demand),
    /// Two objects of the authorization details have the values of one.
    SpreadDetails,
    /// The authorization details are for another resource server.
    OtherLocation,
}

/// Returns the claims of tokens that satisfy all demands, or leave out a part.
pub(super) fn variations(way: &[Demand], tokens: &Tokens) -> Vec<(Variation, Map<String, Value>)> {
    let whole = tokens.claims(way);
    let mut variations = Vec::new();
    for demand in way {
        // The same scope may appear as a string and as a declared scope, so demands are compared by
        // their text.
        let others = way.iter().filter(|other| word(other) != word(demand));
        let claims = tokens.claims(&others.copied().collect::<Vec<_>>());
        // If no claim expresses the demand, for example a check, the claims are the same without
        // the demand.
        if claims != whole {
            variations.push((Variation::Without(*demand), claims));
        }
    }
    variations.extend(spread(&whole).map(|claims| (Variation::SpreadDetails, claims)));
    let elsewhere = for_another_location(&whole);
    variations.extend(elsewhere.map(|claims| (Variation::OtherLocation, claims)));
    variations.push((Variation::Whole, whole));
    variations
}

/// Returns the name of the request with a token.
pub(super) fn name(
    variation: Variation,
    verdict: ClaimsVerdict,
    tokens: &Tokens,
    ways: &[Vec<Demand>],
    way: &[Demand],
) -> String {
    let token = match variation {
        Variation::Without(demand) => format!("without {}", word(&demand)),
        Variation::SpreadDetails => "with its details in two objects".to_owned(),
        Variation::OtherLocation => "with details for another API".to_owned(),
        Variation::Whole if verdict == ClaimsVerdict::Grant => "exactly enough".to_owned(),
        Variation::Whole => "a good token".to_owned(),
    };
    let label = tokens.label();
    if ways.len() > 1 {
        let words: Vec<_> = way.iter().map(word).collect();
        format!("{token}{label} ({})", words.join(" and "))
    } else {
        format!("{token}{label}")
    }
}

fn word(demand: &Demand) -> String {
    let requirement = Requirement::One(*demand);
    if requirement.scopes().is_empty() {
        requirement.to_string()
    } else {
        format!("`{requirement}`")
    }
}
