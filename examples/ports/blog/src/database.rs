//! The tables of the blog.

use std::sync::{MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::{AppState, Post};

const SCHEMA: &str = "
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT NOT NULL, text TEXT NOT NULL);
    CREATE TABLE roles (user TEXT NOT NULL, role TEXT NOT NULL);
    CREATE TABLE permissions (role TEXT NOT NULL, permission TEXT NOT NULL);
    INSERT INTO permissions VALUES ('author', 'posts.write'), ('editor', 'posts.write'),
        ('editor', 'posts.remove');
";

pub(crate) struct Database(pub(crate) Connection);

impl Database {
    pub(crate) fn open() -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(connection))
    }

    pub(crate) fn posts(&self) -> Vec<Post> {
        let mut rows = self.0.prepare("SELECT author, text FROM posts").unwrap();
        rows.query_map([], post).unwrap().filter_map(Result::ok).collect()
    }

    pub(crate) fn post(&self, id: i64) -> Option<Post> {
        let query = "SELECT author, text FROM posts WHERE id = ?";
        self.0.query_row(query, [id], post).optional().unwrap()
    }

    pub(crate) fn add(&self, post: &Post) -> i64 {
        let values = params![post.author, post.text];
        self.0.execute("INSERT INTO posts (author, text) VALUES (?, ?)", values).unwrap();
        self.0.last_insert_rowid()
    }

    pub(crate) fn replace(&self, id: i64, text: &str) {
        self.0.execute("UPDATE posts SET text = ? WHERE id = ?", params![text, id]).unwrap();
    }

    pub(crate) fn remove(&self, id: i64) {
        self.0.execute("DELETE FROM posts WHERE id = ?", [id]).unwrap();
    }
}

fn post(row: &rusqlite::Row<'_>) -> Result<Post> {
    Ok(Post { author: row.get(0)?, text: row.get(1)? })
}

impl AppState {
    pub(crate) fn database(&self) -> MutexGuard<'_, Database> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
