//! Tests of a log whose methods panic.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum_protected::revocation::{LogFuture, LogPage, LogPosition, RevocationError, RevocationLog};

use super::log::{LinkedLog, SharedLog};
use super::{code, good, lenient_server, revoke, settle, strict_server};

/// A log whose methods panic: when they are called, or when their future is polled.
#[derive(Clone)]
struct PanickingLog {
    linked: LinkedLog,
    panics: Arc<AtomicBool>,
    is_late: bool,
}

impl PanickingLog {
    fn check(&self) {
        assert!(!self.panics.load(Ordering::Relaxed), "a fault of the log");
    }

    fn call<'a, T: Send + 'a>(
        &'a self,
        call: impl FnOnce(&'a LinkedLog) -> LogFuture<'a, T>,
    ) -> LogFuture<'a, T> {
        if !self.is_late {
            self.check();
        }
        let future = call(&self.linked);
        Box::pin(async move {
            self.check();
            future.await
        })
    }
}

impl RevocationLog for PanickingLog {
    fn append(&self, records: Vec<String>) -> LogFuture<'_, ()> {
        self.call(|log| log.append(records))
    }

    fn read(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> LogFuture<'_, LogPage> {
        self.call(|log| log.read(after, limit, wait))
    }

    fn trim(&self, before: LogPosition) -> LogFuture<'_, ()> {
        self.call(|log| log.trim(before))
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_that_panics_is_an_outage() {
    for is_late in [false, true] {
        let log = SharedLog::new(1);
        let panics = Arc::new(AtomicBool::new(false));
        let panicking =
            PanickingLog { linked: log.connect(), panics: Arc::clone(&panics), is_late };
        let (going_on, refusing) = (lenient_server(panicking.clone()), strict_server(panicking));
        refusing.ready().await.unwrap();
        panics.store(true, Ordering::Relaxed);
        let error = revoke(&going_on, "j1").await.unwrap_err();
        assert!(matches!(error, RevocationError::LocalOnly(_)), "{error:?}");
        settle().await;
        assert_eq!(code(&going_on, good().claim("jti", "j2")).await, "ok");
        assert_eq!(code(&going_on, good()).await, "revoked_token");
        assert_eq!(code(&refusing, good()).await, "revocations_unavailable");
        panics.store(false, Ordering::Relaxed);
        settle().await;
        assert_eq!(code(&refusing, good().claim("jti", "j2")).await, "ok");
        assert_eq!(code(&refusing, good()).await, "revoked_token");
    }
}
