//! A paste bin. It remembers the last paste of a visitor in a signed cookie, and uses closures and
//! sub-states.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum_extra::extract::cookie::{Cookie, Key, SignedCookieJar};

#[derive(Clone, Default)]
struct Pastes(Arc<Mutex<HashMap<usize, String>>>);

#[derive(Clone, FromRef)]
struct AppState {
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

async fn create(
    State(pastes): State<Pastes>,
    jar: SignedCookieJar,
    text: String,
) -> (SignedCookieJar, Redirect) {
    let path = format!("/{}", pastes.add(text));
    (jar.add(Cookie::new("last", path.clone())), Redirect::to(&path))
}

async fn read(State(pastes): State<Pastes>, Path(id): Path<usize>) -> Result<String, StatusCode> {
    pastes.get(id).ok_or(StatusCode::NOT_FOUND)
}

async fn last(jar: SignedCookieJar) -> Result<Redirect, StatusCode> {
    let last = jar.get("last").ok_or(StatusCode::NOT_FOUND)?;
    Ok(Redirect::to(last.value()))
}

fn app(state: AppState) -> Router {
    let pastes = state.pastes.clone();
    let script = format!("/app-{}.js", env!("CARGO_PKG_VERSION"));
    Router::new()
        .route("/", get(async || "Send a text with POST.").post(create))
        .route("/last", get(last))
        .route("/{id}", get(read))
        .route("/clear", post(async move || pastes.clear()))
        .route(&script, get(async || "console.log('paste')"))
        .fallback(async || (StatusCode::NOT_FOUND, "there is no such page"))
        .with_state(state)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let state = AppState { pastes: Pastes::default(), key: Key::generate() };
    Ok(axum::serve(listener, app(state)).await?)
}
