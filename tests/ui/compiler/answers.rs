use axum_protected::{check, protected};

#[check]
async fn counts() -> u8 {
    1
}

struct NoPolicy;

#[protected(policy = NoPolicy)]
async fn list() {}

fn main() {}
