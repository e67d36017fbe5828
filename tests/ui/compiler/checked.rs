use axum_protected::{Checked, Loaded, Policy, check, protected};

#[check]
async fn load() -> Option<Loaded<u8>> {
    Some(Loaded(1))
}

#[check]
async fn other() -> Result<Loaded<u8>, axum_protected::Denied> {
    Ok(Loaded(1))
}

#[check]
async fn loads_nothing() -> bool {
    true
}

mod blogs {
    use axum_protected::{Loaded, check};

    #[check]
    pub(crate) async fn load() -> Option<Loaded<u8>> {
        Some(Loaded(2))
    }
}

#[derive(Policy)]
#[policy(any(role = "admin", check = load))]
struct CanRead;

#[protected(any(role = "admin", check = load))]
async fn comes_in_without(_: Checked<load>) {}

#[protected(scope = "a", any(all(check = load, role = "editor"), all(role = "admin", acr = "gold")))]
async fn comes_in_with_both(_: String, Checked(_): Checked<load>) {}

#[protected(all(any(role = "a", role = "b"), any(check = other, check = load)))]
async fn comes_in_by_another_check(_: Checked<load>) {}

#[protected(policy = CanRead)]
async fn within_a_policy(_: Checked<load>) {}

#[protected(any(policy = CanRead, scope = "a"))]
async fn beside_a_policy(_: Checked<load>) {}

#[protected(check = other)]
async fn another_check(_: Checked<load>, _: axum_protected::Checked<other>) {}

#[protected]
async fn no_check(_: Option<Checked<self::load>>) {}

#[protected(check = |_: String| async { true })]
async fn inline_check(_: Checked<load>) {}

#[protected(check = blogs::load)]
async fn same_name(_: Checked<load>) {}

#[protected(check = loads_nothing)]
async fn no_value(_: Checked<loads_nothing>) {}

struct Blog;

#[protected(check = load)]
async fn type_of_the_value(_: Option<Checked<Blog>>) {}

#[check]
async fn of_kind(#[constant] kind: u8) -> Option<Loaded<u8>> {
    Some(Loaded(kind))
}

#[protected(any(check = of_kind(1), check = of_kind(2)))]
async fn several_constants(_: Checked<of_kind>) {}

#[derive(Policy)]
#[policy(check = of_kind(1))]
struct OfKind;

#[protected(policy = OfKind, check = of_kind(1))]
async fn constants_in_a_policy(_: Option<Checked<of_kind>>) {}

fn main() {}
