//! Tests that open streams end by what another server revokes, and by an outage.

use std::time::Duration;

use axum_protected::ResourceServer;
use tokio::time::{Instant, sleep, timeout};

use super::log::{Fault, LinkedLog, SharedLog};
use super::{SECOND, good, lenient_server, revoke, strict_server};

/// Returns the code with which the stream of a token ends, and the time until then.
async fn end(server: &ResourceServer, jti: &str) -> (&'static str, Duration) {
    let token = server.authenticate(&good().claim("jti", jti).sign()).await.unwrap();
    let began = Instant::now();
    let ended = timeout(Duration::from_secs(600), server.until_invalid(&token)).await;
    (ended.map_or("open", |error| error.kind().code()), began.elapsed())
}

fn following(refuses: bool) -> (SharedLog, ResourceServer, LinkedLog) {
    let log = SharedLog::new(1);
    let linked = log.connect();
    let server =
        if refuses { strict_server(linked.clone()) } else { lenient_server(linked.clone()) };
    (log, server, linked)
}

#[tokio::test(start_paused = true)]
async fn a_revocation_of_another_server_ends_a_stream() {
    for refuses in [false, true] {
        let (log, server, _) = following(refuses);
        server.ready().await.unwrap();
        let other = lenient_server(log.connect());
        let revoking = async {
            sleep(5 * SECOND).await;
            revoke(&other, "j2").await.unwrap();
            revoke(&other, "j1").await.unwrap();
        };
        let (ended, ()) = tokio::join!(end(&server, "j1"), revoking);
        assert_eq!(ended.0, "revoked_token");
        assert!((5 * SECOND..6 * SECOND).contains(&ended.1), "{ended:?}");
        assert_eq!(end(&server, "j3").await.0, "open");
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_ends_the_streams_of_a_server_that_refuses() {
    for fault in [Fault::Errors, Fault::Silence, Fault::Stall] {
        for refuses in [false, true] {
            let (log, server, linked) = following(refuses);
            server.ready().await.unwrap();
            let failing = async {
                sleep(5 * SECOND).await;
                log.set_link(linked.link(), |link| link.fault = fault);
            };
            let (ended, ()) = tokio::join!(end(&server, "j1"), failing);
            if refuses {
                assert_eq!(ended.0, "revocations_unavailable", "{fault:?}");
                assert!((5 * SECOND..7 * SECOND).contains(&ended.1), "{fault:?} {ended:?}");
            } else {
                assert_eq!(ended.0, "open", "{fault:?}");
            }
        }
    }
}
