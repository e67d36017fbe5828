use axum_protected::router::{Access, DeclaredHandler};

struct Mine;

impl DeclaredHandler<()> for Mine {
    const ACCESS: Access = panic!();
}

fn main() {}
