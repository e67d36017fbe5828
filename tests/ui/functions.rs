use axum_protected::{protected, public};

#[protected(scope = "a")]
struct Struct;

#[protected]
async fn borrows(_: &axum_protected::AccessToken) {}

#[protected]
const CONST: u8 = 1;

#[protected]
mod module {}

#[public(reason = "open")]
pub trait Trait {}

#[protected]
impl Trait for Struct {}

#[protected]
#[allow(unused_imports)]
use std::fs;

#[protected]
#[allow(unused_macros)]
macro_rules! mac {
    () => {};
}

impl Struct {
    #[protected]
    async fn receiver(&self) {}

    #[public(reason = "open")]
    async fn typed_receiver(self: Box<Self>) {}

    #[protected]
    async fn takes_self(_: Option<Self>) {}

    #[protected]
    async fn returns_self() -> Result<Self, Self> {
        Err(Self)
    }
}

pub trait Methods {
    #[protected]
    async fn without_body();
}

#[protected]
fn not_async() {}

#[public(reason = "open")]
pub(crate) fn r#type() {}

#[protected]
async fn sixteen(
    #[cfg(all())] _: u8,
    _1: u8,
    _2: u8,
    _3: u8,
    _4: u8,
    _5: u8,
    _6: u8,
    _7: u8,
    _8: u8,
    _9: u8,
    _10: u8,
    _11: u8,
    _12: u8,
    _13: u8,
    _14: u8,
    _15: u8,
    _16: u8,
) {
}

impl Struct {
    #[protected(scop = "a")]
    #[public]
    fn several_mistakes(&self) {}
}

fn main() {}
