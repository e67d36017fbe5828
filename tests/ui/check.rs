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
