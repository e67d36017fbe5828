//! The notes as JSON, for the script of the page.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum_protected::{Claims, protected};
use serde::Deserialize;

use super::store::{AddError, Note};
use super::{AppState, Caller, Scope};

#[derive(Deserialize)]
pub(super) struct NewNote {
    text: String,
}

#[protected(scope = Scope::Read)]
pub(super) async fn list(State(state): State<AppState>, caller: Claims<Caller>) -> Json<Vec<Note>> {
    Json(state.notes.of(&caller.sub))
}

#[protected(scope = Scope::Write)]
pub(super) async fn add(
    State(state): State<AppState>,
    caller: Claims<Caller>,
    Json(new): Json<NewNote>,
) -> Result<(StatusCode, Json<Note>), StatusCode> {
    match state.notes.add(&caller.sub, &new.text) {
        Ok(note) => Ok((StatusCode::CREATED, Json(note))),
        Err(AddError::Text) => Err(StatusCode::UNPROCESSABLE_ENTITY),
        Err(AddError::Full) => Err(StatusCode::INSUFFICIENT_STORAGE),
    }
}
