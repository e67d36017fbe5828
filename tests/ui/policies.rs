use axum_protected::Policy;

#[derive(Policy)]
struct Missing;

#[derive(Policy)]
#[policy]
struct Bare;

#[derive(Policy)]
#[policy()]
struct Empty;

#[derive(Policy)]
#[policy = "a"]
struct Equals;

#[derive(Policy)]
#[policy(crate = ::axum_protected)]
struct PathOnly;

#[derive(Policy)]
#[policy(scop = "a", any())]
struct Unknown;

#[derive(Policy)]
#[policy(scope = "a")]
#[policy(scope = "b")]
struct Twice;

#[derive(Policy)]
#[policy(scope = "a")]
struct Generic<T>(T);

#[derive(Policy)]
#[policy(scope = "a")]
union Union {
    a: u8,
}

#[derive(Policy)]
#[policy(scope = "a")]
enum Variants {
    Read,
    #[policy(role = "editor")]
    Write,
}

#[derive(Policy)]
#[policy(scope = "a")]
struct Field {
    #[policy(role = "editor")]
    write: u8,
}

fn main() {}
