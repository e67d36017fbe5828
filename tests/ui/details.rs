use axum_protected::{Policy, protected};

#[protected(details = "payment")]
async fn equals_for_parentheses() {}

#[protected(details())]
async fn empty() {}

#[protected(details(actions = "initiate"))]
async fn no_type() {}

#[protected(details(type = "payment", action = "initiate"))]
async fn misspelt_key() {}

#[protected(details(type = "payment", amount = 5))]
async fn unknown_key() {}

#[protected(details(type = "payment", actions = "a", actions = "b"))]
async fn duplicate_key() {}

#[protected(details(type = ""))]
async fn empty_type() {}

#[protected(details(type = "payment", actions = all()))]
async fn empty_all() {}

#[protected(details(type = "payment", actions = all("a", "", "a", 1)))]
async fn mistakes_in_all() {}

#[protected(details(type = "payment", actions = ["a", "b"]))]
async fn array() {}

#[protected(details(type = "payment", actions = any("a", "b")))]
async fn alternatives_inside() {}

#[protected(details(type = "payment", identifier = all("a", "b")))]
async fn two_identifiers() {}

#[protected(details(type = "a"), details(type = "b"))]
async fn two_demands() {}

#[derive(Policy)]
#[policy(details(tpye = "payment", actions = all("a" "b"), locations = 7), proof = dpopp)]
struct SeveralMistakes;

macro_rules! handler {
    ($name:ident, $actions:expr) => {
        #[protected(details(type = "payment", actions = $actions))]
        async fn $name() {}
    };
}

handler!(from_a_macro, 1);

fn main() {}
