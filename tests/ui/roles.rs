use axum_protected::{Roles, protected};

#[derive(Roles)]
struct Struct;

#[derive(Roles)]
enum Empty {}

#[derive(Roles)]
enum Generic<T> {
    #[role("a")]
    A(T),
}

#[derive(Roles)]
enum Attributes {
    Missing,
    #[role]
    Bare,
    #[role = "a"]
    Equals,
    #[role("")]
    Blank,
    #[role("b", implies = [Bare])]
    Implies,
    #[role("c")]
    #[role("d")]
    Twice,
    #[role("e\n")]
    Invisible,
    #[role("f")]
    Fields(u8),
}

#[derive(Roles)]
enum SameName {
    #[role("a")]
    One,
    #[role("a")]
    Other,
}

#[derive(Roles)]
#[roles(crate = axum_protected)]
enum RelativePath {
    #[role("a")]
    A,
}

#[protected(any(role = Attributes::Missing, role = SameName::One, role = admin))]
async fn roles_with_mistakes() {}

#[protected(role = SameName::One | SameName::Other)]
async fn one_of_two() {}

fn main() {}
