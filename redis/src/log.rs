//! The log of revocations in a stream.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum_protected::revocation::{LogFuture, LogPage, LogPosition, LogState, RevocationLog};
use redis::{Pipeline, Value};
use tokio::time::sleep;

use crate::connection::as_failure;
use crate::deployment::{Deployment, primary_of};
use crate::exclusive::Exclusive;
use crate::failure::{Failure, FailureKind};
use crate::replies::{Ends, FIELD, Replication, ends, records};

/// Time in which the replicas must confirm appended records.
const CONFIRMATION: Duration = Duration::from_secs(1);

/// Longest time in which a read waits at the server.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Pause before a primary without its replicas is asked again. A message of a replica may be late.
const LATE_REPLICA: Duration = Duration::from_millis(150);

/// Log of revocations in a stream of Redis or Valkey, for
/// [`RevocationFeed::new`](axum_protected::revocation::RevocationFeed::new).
///
/// Each record is an entry of the stream with the one field `r`. A connection that is lost is opened
/// again by the next call, and each call ends in bounded time.
pub struct RedisLog {
    deployment: Arc<Deployment>,
    reading: Exclusive,
    appending: Exclusive,
}

impl RedisLog {
    pub(crate) fn new(deployment: &Arc<Deployment>) -> Self {
        Self {
            deployment: Arc::clone(deployment),
            reading: Exclusive::new(deployment),
            appending: Exclusive::new(deployment),
        }
    }

    async fn append_all(&self, records: Vec<String>) -> Result<(), Failure> {
        if records.is_empty() {
            return Ok(());
        }
        let mut pipeline = Pipeline::with_capacity(records.len().saturating_add(1));
        for record in &records {
            pipeline.cmd("XADD").arg(&self.deployment.stream).arg("*").arg(FIELD).arg(record);
        }
        let replicas = self.deployment.replicas;
        if replicas > 0 {
            pipeline.cmd("WAIT").arg(replicas).arg(millis(CONFIRMATION));
        }
        self.appending
            .ask(&pipeline, CONFIRMATION, |replies, _| check_appended(&replies, replicas))
            .await
    }

    async fn read_page(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> Result<LogPage, Failure> {
        let wait = wait.min(LONGEST_WAIT);
        let pipeline = self.reading_pipeline(after, limit, wait);
        let result = self.reading.ask(&pipeline, wait, read_replies).await;
        let (mut page, replication) = result.map_err(|failure| self.explain(failure))?;
        page.records.truncate(limit);
        self.check_replicas(&replication, &page.state.lineage).await?;
        Ok(page)
    }

    /// Adds the remedy to the error for a page that is too long.
    fn explain(&self, failure: Failure) -> Failure {
        let stream = &self.deployment.stream;
        let hint =
            format!("delete the records of the stream `{stream}` that are longer than 16 KiB");
        failure.with_hint(&FailureKind::TooLong, hint)
    }

    /// The state is asked first, so that it is not newer than the records.
    fn reading_pipeline(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> Pipeline {
        let stream = &self.deployment.stream;
        let mut pipeline = Pipeline::with_capacity(3);
        pipeline.cmd("XINFO").arg("STREAM").arg(stream).cmd("INFO").arg("replication");
        pipeline.cmd("XREAD").arg("COUNT").arg(limit.max(1));
        // `BLOCK 0` would wait without end.
        if wait >= Duration::from_millis(1) {
            pipeline.arg("BLOCK").arg(millis(wait));
        }
        let after = after.unwrap_or(LogPosition::new(0, 0));
        pipeline.arg("STREAMS").arg(stream).arg(after.to_string());
        pipeline
    }

    /// Returns an error if the primary lacks replicas: it may be cut off, and replaced by another
    /// primary that it does not know.
    async fn check_replicas(
        &self,
        replication: &Replication,
        lineage: &str,
    ) -> Result<(), Failure> {
        let needed = self.deployment.replicas;
        if replication.replicas >= usize::from(needed) {
            return Ok(());
        }
        sleep(LATE_REPLICA).await;
        let mut pipeline = Pipeline::new();
        pipeline.cmd("INFO").arg("replication");
        self.reading
            .ask(&pipeline, Duration::ZERO, |replies, run_id| {
                let [reply] = replies.as_slice() else { return Err(Failure::unexpected("INFO")) };
                let replication = primary_of(reply)?;
                if lineage_of(&replication, run_id) != lineage {
                    return Err(Failure::new("is another primary than before"));
                }
                let replicas = replication.replicas;
                if replicas >= usize::from(needed) {
                    return Ok(());
                }
                Err(Failure::new(format!(
                    "has {replicas} of the {needed} replicas that `replicas` demands: it may not be \
                     the primary any more"
                )))
            })
            .await
    }

    async fn trim_before(&self, before: LogPosition) -> Result<(), Failure> {
        let mut pipeline = Pipeline::new();
        // Without `=`, Redis would remove whole nodes of the stream only.
        pipeline.cmd("XTRIM").arg(&self.deployment.stream).arg("MINID").arg("=");
        pipeline.arg(before.to_string());
        self.appending
            .ask(&pipeline, Duration::ZERO, |replies, _| match replies.as_slice() {
                [Value::Int(_)] => Ok(()),
                [Value::ServerError(error)] => Err(Failure::answered(error)),
                _ => Err(Failure::unexpected("XTRIM")),
            })
            .await
    }
}

/// Checks the replies to `XADD` and `WAIT`.
fn check_appended(replies: &[Value], replicas: u8) -> Result<(), Failure> {
    if let Some(failure) = replies.iter().find_map(as_failure) {
        return Err(failure);
    }
    if replicas == 0 {
        return Ok(());
    }
    match replies.last() {
        Some(Value::Int(confirmed)) if *confirmed >= i64::from(replicas) => Ok(()),
        Some(Value::Int(confirmed)) => Err(Failure::new(format!(
            "has the records, but {confirmed} of {replicas} replicas confirmed them within 1 s"
        ))),
        _ => Err(Failure::unexpected("WAIT")),
    }
}

/// Reads the replies to `XINFO STREAM`, `INFO replication` and `XREAD`.
fn read_replies(replies: Vec<Value>, run_id: &str) -> Result<(LogPage, Replication), Failure> {
    let [stream, replication, entries] =
        <[Value; 3]>::try_from(replies).map_err(|_| Failure::unexpected("a pipeline"))?;
    let replication = primary_of(&replication)?;
    let (first, last) = stream_ends(&stream)?;
    if let Some(failure) = as_failure(&entries) {
        return Err(failure);
    }
    let records = records(entries).ok_or_else(|| Failure::unexpected("XREAD"))?;
    let lineage = lineage_of(&replication, run_id);
    Ok((LogPage::new(LogState::new(lineage, first, last), records), replication))
}

/// Returns a text that changes whenever the server may have lost records. A process that is started
/// again may have older data, and has another `run_id`. A process that was a replica for a while has
/// the data of another primary, and another replication identifier.
fn lineage_of(replication: &Replication, run_id: &str) -> String {
    format!("{}:{run_id}", replication.identifier)
}

fn stream_ends(reply: &Value) -> Result<Ends, Failure> {
    match reply {
        Value::ServerError(error) if error.details() == Some("no such key") => Ok((None, None)),
        Value::ServerError(error) => Err(Failure::answered(error)),
        reply => ends(reply).ok_or_else(|| Failure::unexpected("XINFO STREAM")),
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl RevocationLog for RedisLog {
    fn append(&self, records: Vec<String>) -> LogFuture<'_, ()> {
        Box::pin(async move { Ok(self.append_all(records).await?) })
    }

    fn read(
        &self,
        after: Option<LogPosition>,
        limit: usize,
        wait: Duration,
    ) -> LogFuture<'_, LogPage> {
        Box::pin(async move { Ok(self.read_page(after, limit, wait).await?) })
    }

    fn trim(&self, before: LogPosition) -> LogFuture<'_, ()> {
        Box::pin(async move { Ok(self.trim_before(before).await?) })
    }
}

impl fmt::Debug for RedisLog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RedisLog")
            .field("stream", &self.deployment.stream)
            .finish_non_exhaustive()
    }
}
