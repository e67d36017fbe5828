use axum_protected::router::{Access, DeclaredHandler};

struct Mine;

impl DeclaredHandler<()> for Mine {
    type Guard = ();

    fn access(&self, _: axum_protected::router::sealed::Seal) -> Access {
        panic!()
    }
}

struct Unsealed;

impl DeclaredHandler<()> for Unsealed {
    type Guard = ();
}

fn main() {}
