use axum_protected::{HasResourceServer, ResourceServer};

#[derive(HasResourceServer)]
enum Enum {
    Server(ResourceServer),
}

#[derive(HasResourceServer)]
union Union {
    server: std::mem::ManuallyDrop<ResourceServer>,
}

#[derive(HasResourceServer)]
struct Unit;

#[derive(HasResourceServer)]
struct NoServer {
    items: Vec<ResourceServer>,
}

#[derive(HasResourceServer)]
struct Several {
    one: ResourceServer,
    other: axum_protected::ResourceServer,
}

#[derive(HasResourceServer)]
struct SeveralMarked {
    #[resource_server]
    one: ResourceServer,
    #[resource_server]
    other: ResourceServer,
}

#[derive(HasResourceServer)]
struct Arguments {
    #[resource_server(skip)]
    #[resource_server]
    server: ResourceServer,
}

#[derive(HasResourceServer)]
#[has_resource_server]
#[has_resource_server()]
#[has_resource_server(crat = ::axum_protected)]
#[has_resource_server(crate = axum_protected)]
struct Path(ResourceServer);

fn main() {}
