use tower_sessions_sqlx_store::SqliteStore;
use tower_sessions_sqlx_store::sqlx::SqlitePool;

use crate::adapter;
use crate::store::behaviour;

async fn store() -> SqliteStore {
    let pool = SqlitePool::connect("sqlite::memory:").await.unwrap();
    let store = SqliteStore::new(pool);
    store.migrate().await.unwrap();
    store
}

#[tokio::test]
async fn it_behaves_as_every_store() {
    behaviour::check(adapter(store().await)).await;
}
