//! A blog whose readers and authors are in the tables of a database.

mod database;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Json, Router};
use axum_protected::router::RouterError;
use axum_protected::routing::{get, post};
use axum_protected::{
    AccessToken, Checked, HasResourceServer, Loaded, ProtectedRouter, ResourceServer, check,
    protected, public,
};
use serde::{Deserialize, Serialize};

use database::Database;

#[derive(Clone, Serialize, Deserialize)]
struct Post {
    author: String,
    text: String,
}

enum Permission {
    Write,
    Remove,
}

#[derive(Clone, HasResourceServer)]
struct AppState {
    server: ResourceServer,
    database: Arc<Mutex<Database>>,
}

/// Asks the tables if one of the caller's roles has the permission. The server trusts one issuer, so
/// the subject alone identifies the user.
#[check]
async fn can(
    #[constant] permission: Permission,
    State(state): State<AppState>,
    caller: AccessToken,
) -> bool {
    caller.subject().is_some_and(|user| state.database().has(user, &permission))
}

/// Loads the post, which only its author may change.
#[check]
async fn own_post(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    caller: AccessToken,
) -> Result<Loaded<Post>, StatusCode> {
    let post = state.database().post(id).ok_or(StatusCode::NOT_FOUND)?;
    let is_author = caller.subject() == Some(&post.author);
    if is_author { Ok(Loaded(post)) } else { Err(StatusCode::FORBIDDEN) }
}

#[public(reason = "the blog is public")]
async fn posts(State(state): State<AppState>) -> Json<Vec<Post>> {
    Json(state.database().posts())
}

#[protected(check = can(Permission::Write))]
async fn write(
    State(state): State<AppState>,
    caller: AccessToken,
    text: String,
) -> (StatusCode, String) {
    let author = caller.subject().unwrap_or_default().to_owned();
    let post = Post { author, text };
    (StatusCode::CREATED, state.database().add(&post).to_string())
}

#[protected(all(check = can(Permission::Write), check = own_post))]
async fn edit(
    State(state): State<AppState>,
    Path(id): Path<i64>,
    Checked(post): Checked<own_post>,
    text: String,
) -> Json<Post> {
    state.database().replace(id, &text);
    Json(Post { text, ..post })
}

#[protected(check = can(Permission::Remove))]
async fn remove(State(state): State<AppState>, Path(id): Path<i64>) -> StatusCode {
    state.database().remove(id);
    StatusCode::NO_CONTENT
}

fn routes() -> ProtectedRouter<AppState> {
    ProtectedRouter::new()
        .route("/posts", get(posts).post(write))
        .route("/posts/{id}", post(edit).delete(remove))
}

fn app(state: AppState) -> Result<Router, RouterError> {
    routes().with_state(state).into_router()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    let database = Arc::new(Mutex::new(Database::open()?));
    let state = AppState { server: ResourceServer::from_env()?, database };
    Ok(axum::serve(listener, app(state)?).await?)
}
