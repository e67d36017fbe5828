use axum_protected::{check, protected};

#[check]
struct Struct;

#[check]
fn not_async() -> bool {
    true
}

#[check]
async fn no_output() {}

#[check]
async fn generic<T>(_: T) -> bool {
    true
}

#[check(state = AppState<R>)]
async fn undetermined<R, T>(_: R, _: T) -> bool {
    true
}

#[check(state = AppState)]
async fn lifetime<'a>(_: Borrowed<'a>) -> bool {
    true
}

#[check(state)]
async fn no_type() -> bool {
    true
}

#[check(stat = AppState)]
async fn misspelt_key() -> bool {
    true
}

#[check]
async fn constant_after_extractor(_: u8, #[constant] _: u8) -> bool {
    true
}

#[check]
async fn value_of_a_constant(#[constant(1)] _: u8) -> bool {
    true
}

#[check]
async fn borrowed_constant(#[constant] _: &str) -> bool {
    true
}

#[check(state = AppState<R>)]
async fn generic_constant<R>(#[constant] _: R) -> bool {
    true
}

#[protected(all(
    check = constant_after_extractor(1),
    check = not_async,
    check = value_of_a_constant(1),
    check = no_type()
))]
async fn names_checks_with_mistakes() {}

#[check]
async unsafe fn is_unsafe() -> bool {
    true
}

#[check]
async fn borrows(_: &u8, _: impl Clone) -> bool {
    true
}

#[check]
async fn conditional(#[cfg(all())] _: u8) -> bool {
    true
}

#[check]
async fn reads_the_body(_: axum::Json<u8>) -> bool {
    true
}

#[check(scope = "a")]
async fn with_arguments() -> bool {
    true
}

#[check(crate = axum_protected)]
async fn relative_path() -> bool {
    true
}

#[check]
#[check]
async fn twice() -> bool {
    true
}

#[check]
#[protected(scope = "a")]
async fn check_and_handler() -> bool {
    true
}

#[protected(scope = "a")]
#[check]
async fn handler_and_check() -> bool {
    true
}

#[check]
async fn sixteen(
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
    _: u8,
) -> bool {
    true
}

impl Struct {
    #[check]
    async fn receiver(&self) -> bool {
        true
    }
}

fn main() {}
