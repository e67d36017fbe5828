use axum_protected::{check, protected};

#[check]
async fn returns_a_number() -> u8 {
    1
}

struct NoPolicy;

#[protected(policy = NoPolicy)]
async fn list() {}

fn main() {}
