//! A paste bin. It remembers the last paste of a visitor in a signed cookie, and uses closures and
//! sub-states.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum_extra::extract::cookie::{Cookie, Key, SignedCookieJar};
use axum_protected::router::RouterError;
use axum_protected::routing::{get, post};
use axum_protected::{
    HasResourceServer, Policy, ProtectedRouter, ResourceServer, protected, public,
};

#[derive(Clone, Default)]
struct Pastes(Arc<Mutex<HashMap<usize, String>>>);

#[derive(Clone, FromRef, HasResourceServer)]
struct AppState {
    server: ResourceServer,
    pastes: Pastes,
    key: Key,
}

impl Pastes {
    fn add(&self, text: String) -> usize {
        let mut pastes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = pastes.len();
        pastes.insert(id, text);
        id
    }

    fn get(&self, id: usize) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[derive(Policy)]
#[policy(role = "moderator")]
struct CanClear;

#[protected(scope = "pastes:write")]
async fn create(
    State(pastes): State<Pastes>,
    jar: SignedCookieJar,
    text: String,
) -> (SignedCookieJar, Redirect) {
    let path = format!("/{}", pastes.add(text));
    (jar.add(Cookie::new("last", path.clone())), Redirect::to(&path))
}

#[public(reason = "everybody may read every paste")]
async fn read(State(pastes): State<Pastes>, Path(id): Path<usize>) -> Result<String, StatusCode> {
    pastes.get(id).ok_or(StatusCode::NOT_FOUND)
}

#[public(reason = "shows only the address in the signed cookie of the visitor")]
async fn last(jar: SignedCookieJar) -> Result<Redirect, StatusCode> {
    let last = jar.get("last").ok_or(StatusCode::NOT_FOUND)?;
    Ok(Redirect::to(last.value()))
}

fn routes(pastes: Pastes) -> ProtectedRouter<AppState> {
    let script = format!("/app-{}.js", env!("CARGO_PKG_VERSION"));
    let script_file = public("script of the start page", async || "console.log('paste')");
    let not_found = async || (StatusCode::NOT_FOUND, "there is no such page");
    ProtectedRouter::new()
        .route("/", get(public("start page", async || "Send a text with POST.")).post(create))
        .route("/last", get(last))
        .route("/{id}", get(read))
        .route("/clear", post(protected(CanClear, async move || pastes.clear())))
        .route_with_pattern("/app-{version}.js", &script, get(script_file))
        .fallback(public("page for wrong addresses", not_found))
}

fn app(state: AppState) -> Result<Router, RouterError> {
    routes(state.pastes.clone()).with_state(state).into_router()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let server = ResourceServer::from_env()?;
    let state = AppState { server, pastes: Pastes::default(), key: Key::generate() };
    Ok(axum::serve(listener, app(state)?).await?)
}
