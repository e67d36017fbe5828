use axum_protected::{AccessToken, Checked, Loaded, check, protected, public};

#[check]
async fn load() -> Option<Loaded<u8>> {
    Some(Loaded(1))
}

#[public(reason = "a page for people")]
async fn public_handler(_: Checked<load>) {}

#[public(reason = "a page for people")]
async fn optional_in_public(_: Option<axum_protected::Checked<self::load>>) {}

#[protected(check = load)]
async fn twice(_: Checked<load>, _: AccessToken, _: Option<Checked<load>>) {}

#[protected(check = load)]
async fn conditional(#[cfg(all())] _: Checked<load>) {}

#[protected(check = load)]
async fn not_a_path(_: Checked<(load,)>) {}

#[check]
async fn of_another_check(Checked(_): Checked<load>) -> bool {
    true
}

#[protected(check = |_: Checked<load>| async { true })]
async fn of_an_inline_check() {}

fn main() {}
