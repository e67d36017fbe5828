//! Tests changes of the store while other threads present the same key.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum_protected::RefusalKind::UnknownApiKey;
use tokio::task::yield_now;

use super::store::{Store, present, refused};
use super::{entry, fixed, generate};

/// A request that begins after `forget` or `replace` has returned gets the new answer, whatever
/// look-ups run.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_gets_the_answer_from_before_a_change() {
    let store = Store::default();
    // A look-up reads the store a millisecond before it answers.
    store.delay(Duration::from_millis(1));
    let key = generate();
    let server = fixed().api_keys(store.keys().unknown_look_ups_per_second(u32::MAX)).build();
    let server = server.unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let others: Vec<_> = (0..4)
        .map(|_| {
            let (server, is_over, text) =
                (server.clone(), Arc::clone(&is_over), key.key().to_owned());
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    let _ = present(&server, &text).await;
                    yield_now().await;
                }
            })
        })
        .collect();
    for _ in 0..100 {
        store.add(key.key());
        server.api_keys().forget(&key.digest());
        let token = present(&server, key.key()).await.unwrap();
        store.calls();
        // Other requests start a look-up that still finds the key.
        server.api_keys().forget(&key.digest());
        while store.calls() == 0 {
            yield_now().await;
        }
        store.remove(key.key());
        server.api_keys().forget(&key.digest());
        assert_eq!(refused(&server, key.key()).await, UnknownApiKey);
        assert_eq!(server.until_invalid(&token).await.kind(), UnknownApiKey);
    }
    for _ in 0..500 {
        server.api_keys().replace([entry(key.key())]).unwrap();
        assert!(present(&server, key.key()).await.is_ok());
        server.api_keys().replace([]).unwrap();
        assert_eq!(refused(&server, key.key()).await, UnknownApiKey);
    }
    is_over.store(true, Ordering::Relaxed);
    for other in others {
        other.await.unwrap();
    }
}
