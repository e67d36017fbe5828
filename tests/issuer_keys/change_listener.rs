//! Tests the `on_keys_changed` callback.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum_protected::server::KeysChanged;
use axum_protected::{Issuer, ResourceServer};
use axum_protected_testing::SigningKeys;
use axum_protected_tests::issuer::JWKS;
use axum_protected_tests::{
    Log, Reply, ScriptedIssuer, bounded, fresh_key, keys, kid, ready, trusting,
};
use serde_json::json;

use super::{code, pass, signed_by};

/// Returns a server that has loaded its keys, and the changes that it reports.
async fn server_with_listener(
    issuer: impl Into<Issuer>,
) -> (ResourceServer, Receiver<KeysChanged>) {
    let (sender, receiver) = channel();
    let sender = Mutex::new(sender);
    let server = trusting(issuer)
        .on_keys_changed(move |changed: &KeysChanged| {
            sender.lock().unwrap().send(changed.clone()).unwrap();
        })
        .build()
        .unwrap();
    ready(&server).await;
    (server, receiver)
}

async fn next(receiver: &Receiver<KeysChanged>) -> KeysChanged {
    let next = async {
        loop {
            if let Ok(changed) = receiver.try_recv() {
                return changed;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    bounded("a change", next).await
}

async fn reload(server: &ResourceServer, issuer: &ScriptedIssuer) {
    pass(issuer, Duration::from_secs(10)).await;
    server.reload_keys().await.unwrap();
}

fn kids(keys: &SigningKeys, count: usize) -> Vec<String> {
    let mut kids: Vec<_> = (0..count).map(|index| kid(keys, index)).collect();
    kids.sort();
    kids
}

#[tokio::test]
async fn each_change_is_reported_once_with_added_and_removed_keys() {
    let issuer = ScriptedIssuer::start().await;
    let (server, receiver) = server_with_listener(issuer.url()).await;
    let first = next(&receiver).await;
    assert_eq!(first.issuer, issuer.url());
    assert_eq!((first.added, first.removed.len()), (kids(keys(), 3), 0));
    reload(&server, &issuer).await;
    let new = fresh_key();
    let kept = &keys().jwks()["keys"][0];
    let set = json!({ "keys": [kept, new.jwks()["keys"][0]] });
    issuer.set(JWKS, Reply::json(&set));
    reload(&server, &issuer).await;
    let second = next(&receiver).await;
    assert_eq!(second.added, kids(&new, 1));
    let mut removed = vec![kid(keys(), 1), kid(keys(), 2)];
    removed.sort();
    assert_eq!(second.removed, removed);
    // The server does not report an unusable key to the listener.
    let odd = json!({ "kty": "odd", "kid": "odd" });
    let set = json!({ "keys": [odd, new.jwks()["keys"][0], kept] });
    issuer.set(JWKS, Reply::json(&set));
    reload(&server, &issuer).await;
    issuer.set(JWKS, Reply::json(&json!({ "keys": [] })));
    pass(&issuer, Duration::from_secs(10)).await;
    server.reload_keys().await.unwrap_err();
    issuer.set(JWKS, Reply::keys(&new));
    reload(&server, &issuer).await;
    let third = next(&receiver).await;
    assert_eq!((third.added.len(), third.removed), (0, vec![kid(keys(), 0)]));
}

/// An issuer must not reuse a `kid` for another key, but some issuers do.
#[tokio::test]
async fn another_key_under_the_same_name_is_a_change() {
    let issuer = ScriptedIssuer::start().await;
    let named = |name: Option<&str>| {
        let mut set = fresh_key().jwks();
        let member = set["keys"][0].as_object_mut().unwrap();
        match name {
            Some(name) => member.insert("kid".to_owned(), name.into()),
            None => member.remove("kid"),
        };
        Reply::json(&set)
    };
    issuer.set(JWKS, named(Some("same")));
    let (server, receiver) = server_with_listener(issuer.url()).await;
    assert_eq!(next(&receiver).await.added, ["same"]);
    issuer.set(JWKS, named(Some("same")));
    reload(&server, &issuer).await;
    let changed = next(&receiver).await;
    assert_eq!(
        (changed.added, changed.removed),
        (vec!["same".to_owned()], vec!["same".to_owned()])
    );
    for removed in ["same", ""] {
        issuer.set(JWKS, named(None));
        reload(&server, &issuer).await;
        let changed = next(&receiver).await;
        assert_eq!(
            (changed.added, changed.removed),
            (vec![String::new()], vec![removed.to_owned()])
        );
    }
}

#[tokio::test]
async fn replacing_a_seed_is_a_change() {
    let issuer = ScriptedIssuer::start().await;
    let seed = fresh_key();
    let (_server, receiver) =
        server_with_listener(Issuer::new(issuer.url()).seed_jwks(seed.jwks())).await;
    let changed = next(&receiver).await;
    assert_eq!(changed.added, kids(keys(), 3));
    assert_eq!(changed.removed, kids(&seed, 1));
}

#[tokio::test]
async fn key_names_are_reported_escaped_and_truncated() {
    let (log, _guard) = Log::open();
    let issuer = ScriptedIssuer::start().await;
    let member = fresh_key().jwks()["keys"][0].clone();
    let members: Vec<_> = (0..100)
        .map(|number| {
            let mut member = member.clone();
            member["kid"] = format!("{number}\r\n\u{1b}[31m\u{202e}{}", "k".repeat(1000)).into();
            member
        })
        .collect();
    issuer.set(JWKS, Reply::json(&json!({ "keys": members })));
    let (_server, receiver) = server_with_listener(issuer.url()).await;
    let changed = next(&receiver).await;
    assert_eq!(changed.added.len(), 100);
    for name in &changed.added {
        assert!(name.len() <= 64 && !name.contains(char::is_control), "{name}");
    }
    let entries = log.take();
    let entry = entries.iter().find(|entry| entry.name == "axum_protected.keys.changed");
    let added = entry.unwrap().get("added").unwrap();
    assert!(added.len() < 600 && added.ends_with("and 92 more"), "{added}");
}

/// Returns a listener that blocks until the test permits it to continue, and panics at the first,
/// third and fifth change, and so on.
fn unreliable_listener(
    permission: Receiver<()>,
    reported: Sender<KeysChanged>,
) -> impl Fn(&KeysChanged) + Send + Sync {
    let (state, reported) = (Mutex::new((permission, 0)), Arc::new(Mutex::new(reported)));
    move |changed| {
        let number = {
            let mut state = state.lock().unwrap();
            let _ = state.0.recv();
            state.1 += 1;
            state.1
        };
        assert!(number % 2 == 0, "a listener that panics");
        reported.lock().unwrap().send(changed.clone()).unwrap();
    }
}

#[tokio::test]
async fn a_listener_that_blocks_or_panics_does_not_stop_fetching() {
    let issuer = ScriptedIssuer::start().await;
    let ((permit, permission), (report_sender, reported)) = (channel(), channel());
    let server = trusting(issuer.url())
        .on_keys_changed(unreliable_listener(permission, report_sender))
        .build()
        .unwrap();
    ready(&server).await;
    let mut sets = vec![fresh_key(), fresh_key(), fresh_key()];
    for new in &sets {
        issuer.set(JWKS, Reply::keys(new));
        reload(&server, &issuer).await;
        assert_eq!(code(&server, signed_by(new, &issuer)).await, "ok");
    }
    drop(permit);
    // The listener panicked at the first and the third change, so only the second and the fourth
    // change arrive here.
    assert_eq!(next(&reported).await.added, kids(&sets[0], 1));
    assert_eq!(next(&reported).await.added, kids(&sets[2], 1));
    sets.clear();
    let new = fresh_key();
    for reply in [fresh_key().jwks(), new.jwks()] {
        issuer.set(JWKS, Reply::json(&reply));
        reload(&server, &issuer).await;
    }
    assert_eq!(next(&reported).await.added, kids(&new, 1));
}
