//! Two backends in one application, each with a server, a provider and a cookie of its own.

use std::net::SocketAddr;

use axum::Router;
use axum_protected::ProtectedRouter;
use axum_protected_browser::BrowserBackend;
use axum_protected_testing::{AuthorizationServer, Client};
use reqwest::Method;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::browser::{Answer, Browser};

/// Starts an application with the backends `/one` and `/two`, whose layers are around all routes.
async fn start() -> (String, Vec<AuthorizationServer>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let (mut router, mut providers, mut backends) = (Router::new(), Vec::new(), Vec::new());
    for name in ["one", "two"] {
        let client = Client::public("notes").redirect_uri(format!("{origin}/{name}/callback"));
        let issuer = AuthorizationServer::builder().client(client).start().await.unwrap();
        let server = issuer.resource_server().require_https().public_url(&origin).build().unwrap();
        let settings = BrowserBackend::builder(&server).client_id("notes");
        let backend = settings.cookie_name(name).route_prefix(format!("/{name}")).build().unwrap();
        let routes = ProtectedRouter::new().merge(backend.routes()).with_state(server);
        router = router.merge(routes.into_router().unwrap());
        providers.push(issuer);
        backends.push(backend);
    }
    for backend in backends {
        router = router.layer(backend.layer());
    }
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    (origin, providers)
}

async fn fetch(browser: &mut Browser, method: Method, url: &str) -> Answer {
    browser.send(method, url, &[("sec-fetch-site", "same-origin")]).await
}

async fn sign_in(browser: &mut Browser, origin: &str, name: &str) {
    let login = browser.get(&format!("{origin}/{name}/login")).await.location();
    let callback = browser.consent(&login).await;
    browser.get(&callback).await.location();
}

async fn is_signed_in(browser: &mut Browser, origin: &str, name: &str) -> bool {
    let answer = fetch(browser, Method::GET, &format!("{origin}/{name}/session")).await;
    let session: Value = serde_json::from_str(&answer.body).unwrap();
    session["signed_in"].as_bool().unwrap()
}

#[tokio::test]
async fn the_routes_of_a_backend_know_only_its_own_sessions() {
    let (origin, _providers) = start().await;
    for (name, other) in [("one", "two"), ("two", "one")] {
        let mut browser = Browser::new();
        sign_in(&mut browser, &origin, name).await;
        assert!(is_signed_in(&mut browser, &origin, name).await);
        assert!(!is_signed_in(&mut browser, &origin, other).await, "{other}");
        sign_in(&mut browser, &origin, other).await;
        let mut thief = browser.clone();
        fetch(&mut browser, Method::POST, &format!("{origin}/{name}/logout")).await;
        assert!(!is_signed_in(&mut thief, &origin, name).await, "{name}");
        assert!(is_signed_in(&mut thief, &origin, other).await, "{other}");
    }
}
