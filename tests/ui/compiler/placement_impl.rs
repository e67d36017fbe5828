use axum_protected::protected;

struct Api;

impl Api {
    #[protected(scope = "a")]
    pub async fn list() {}
}

fn main() {}
