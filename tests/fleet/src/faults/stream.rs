//! Faults of the stream in Redis.

use tokio::time::sleep;

use super::Durations;
use crate::fleet::{Fleet, Servers};

/// Removes all records while an instance is paused. The instance has not read the newest of them.
pub(super) async fn trim(fleet: &Fleet, instance: usize, durations: &Durations) {
    let instance = &fleet.instances[instance];
    instance.pause().await;
    sleep(durations.pause).await;
    for_each_stream(fleet, |servers, stream| {
        let () = servers.primary.run(&["XTRIM", stream, "MAXLEN", "0"]);
    })
    .await;
    instance.resume().await;
}

/// Deletes the stream twice.
pub(super) async fn delete(fleet: &Fleet, durations: &Durations) {
    for _ in 0..2 {
        for_each_stream(fleet, |servers, stream| {
            let () = servers.primary.run(&["DEL", stream]);
        })
        .await;
        sleep(durations.fault / 2).await;
    }
}

/// Adds records that no version of the server can read, and removes them.
pub(super) async fn poison(fleet: &Fleet, durations: &Durations) {
    let huge = "x".repeat(1 << 20);
    let future = r#"{"v":2147483647,"issuer":"https://a.example","token":"t","until":9999999999}"#;
    let huge_name = format!(r#"{{"v":1,"issuer":"https://a.example","token":"{huge}","until":1}}"#);
    let mut positions = Vec::new();
    for_each_stream(fleet, |servers, stream| {
        // The field of the records of the server, and one that it does not have.
        let field: Vec<(String, Vec<String>)> =
            servers.primary.run(&["XRANGE", stream, "-", "+", "COUNT", "1"]);
        let field = field.first().and_then(|(_, values)| values.first()).cloned();
        let field = field.unwrap_or_else(|| "r".to_owned());
        let records = [
            [field.as_str(), "no record"],
            [field.as_str(), ""],
            [field.as_str(), future],
            [field.as_str(), huge_name.as_str()],
            ["unknown", "{}"],
        ];
        for [field, text] in records {
            let position: String = servers.primary.run(&["XADD", stream, "*", field, text]);
            positions.push((stream.to_owned(), position));
        }
    })
    .await;
    sleep(durations.fault).await;
    let redis = fleet.redis.lock().await;
    let servers = redis.as_ref().expect("a fleet with Redis");
    for (stream, position) in positions {
        let () = servers.primary.run(&["XDEL", &stream, &position]);
    }
}

async fn for_each_stream(fleet: &Fleet, mut change: impl FnMut(&Servers, &str)) {
    let redis = fleet.redis.lock().await;
    let servers = redis.as_ref().expect("a fleet with Redis");
    for stream in servers.primary.streams() {
        change(servers, &stream);
    }
}
