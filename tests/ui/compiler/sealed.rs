use axum_protected::ProtectedRouter;
use axum_protected::router::{Access, DeclaredHandler};
use axum_protected::routing::get;

#[derive(Clone)]
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

fn main() {
    let _ = ProtectedRouter::<()>::new().route("/", get(Mine));
}
