use axum_protected::{Loaded, check, protected};

type Alias = Option<Loaded<u8>>;

#[check]
async fn alias() -> Alias {
    Some(Loaded(1))
}

#[check]
async fn no_response() -> Result<Loaded<u8>, u8> {
    Ok(Loaded(1))
}

#[check]
async fn not_loaded() -> Option<u8> {
    Some(1)
}

#[check]
async fn bare() -> Loaded<u8> {
    Loaded(1)
}

#[check]
async fn not_send() -> Option<Loaded<std::rc::Rc<u8>>> {
    None
}

#[protected(check = || async { Some(Loaded(1)) })]
async fn inline() {}

fn main() {}
