use axum_protected::HasResourceServer;

#[derive(HasResourceServer)]
struct AppState {
    #[resource_server]
    items: Vec<u8>,
}

fn main() {}
