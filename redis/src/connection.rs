//! A connection to one server.

use std::future::Future;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Pipeline, RedisConnectionInfo, RedisResult, Value};
use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::address::Address;
use crate::answer_limit::{LimitedStream, Overrun};
use crate::credentials::Credentials;
use crate::failure::{Failure, FailureKind};
use crate::tls::Tls;

/// Number of commands that may wait to be written.
const QUEUE: usize = 1024;

/// A server that is gone without a farewell is noticed after this time without traffic, and three
/// probes.
const KEEPALIVE: Duration = Duration::from_secs(15);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);

/// The way to connect to servers.
#[derive(Clone)]
pub(crate) struct Access {
    pub(crate) tls: Option<Tls>,
    pub(crate) credentials: Credentials,
    pub(crate) database: u32,
    pub(crate) response_timeout: Duration,
}

const TLS_HINT: &str = "check that its port has TLS, or use `redis` in place of `rediss`";

/// Connection that several calls may use at the same time. The connection is closed when this value
/// is dropped.
pub(crate) struct Connection {
    address: Address,
    response_timeout: Duration,
    multiplexed: MultiplexedConnection,
    driver: AbortHandle,
    overrun: Overrun,
}

impl Connection {
    /// Connects and authenticates.
    pub(crate) async fn open(address: &Address, access: &Access) -> Result<Self, Failure> {
        if Handle::try_current().is_err() {
            return Err(Failure::new("Redis needs a tokio runtime"));
        }
        timeout(access.response_timeout, Self::open_without_limit(address, access))
            .await
            .unwrap_or_else(|_| Err(Failure::timed_out()))
            .map_err(|failure| failure.of(address))
            .map_err(|failure| match access.tls {
                // A server without TLS waits for more octets.
                Some(_) => failure.with_hint(&FailureKind::TimedOut, TLS_HINT),
                None => failure,
            })
    }

    async fn open_without_limit(address: &Address, access: &Access) -> Result<Self, Failure> {
        let stream = TcpStream::connect((address.host.as_str(), address.port)).await?;
        stream.set_nodelay(true)?;
        let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE_INTERVAL);
        SockRef::from(&stream).set_tcp_keepalive(&keepalive)?;
        // Without a password and a database, the client of the crate `redis` sends no command.
        let info = RedisConnectionInfo::default().set_skip_set_lib_name();
        let config =
            AsyncConnectionConfig::new().set_response_timeout(None).set_pipeline_buffer_size(QUEUE);
        let overrun = Overrun::default();
        let (multiplexed, driver) = match &access.tls {
            None => {
                let stream = LimitedStream::new(stream, overrun.clone());
                let connecting = MultiplexedConnection::new_with_config(&info, stream, config);
                spawn(connecting.await)?
            }
            Some(tls) => {
                let stream = tls.connect(&address.host, stream).await?;
                let stream = LimitedStream::new(stream, overrun.clone());
                let connecting = MultiplexedConnection::new_with_config(&info, stream, config);
                spawn(connecting.await)?
            }
        };
        let response_timeout = access.response_timeout;
        let connection =
            Self { address: address.clone(), response_timeout, multiplexed, driver, overrun };
        connection.authenticate(access).await?;
        Ok(connection)
    }

    async fn authenticate(&self, access: &Access) -> Result<(), Failure> {
        let mut pipeline = Pipeline::new();
        if let Some(password) = &access.credentials.password {
            let password = password
                .read()
                .await
                .map_err(|problem| Failure::new(format!("needs a password, and {problem}")))?;
            pipeline.cmd("AUTH").arg(&access.credentials.username).arg(password);
        }
        if access.database != 0 {
            pipeline.cmd("SELECT").arg(access.database);
        }
        if pipeline.is_empty() {
            return Ok(());
        }
        let replies = self.send(&pipeline).await?;
        replies.iter().find_map(as_failure).map_or(Ok(()), Err)
    }

    /// Returns true if the connection is known to be closed. A command on it would not be sent.
    pub(crate) fn is_closed(&self) -> bool {
        self.driver.is_finished()
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// Sends the commands and returns one reply for each, errors included. The server may take `wait`
    /// longer than the usual time.
    pub(crate) async fn ask(
        &self,
        pipeline: &Pipeline,
        wait: Duration,
    ) -> Result<Vec<Value>, Failure> {
        timeout(self.response_timeout.saturating_add(wait), self.send(pipeline))
            .await
            .unwrap_or_else(|_| Err(Failure::timed_out()))
            .map_err(|failure| self.explain(failure))
    }

    /// Adds the address of this connection to an error.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        failure.of(&self.address)
    }

    async fn send(&self, pipeline: &Pipeline) -> Result<Vec<Value>, Failure> {
        let count = pipeline.len();
        let result = self.multiplexed.clone().send_packed_commands(pipeline, 0, count).await;
        let replies = result.map_err(|error| {
            if self.overrun.has_happened() { Failure::too_long() } else { error.into() }
        })?;
        if replies.len() == count { Ok(replies) } else { Err(Failure::unexpected("a pipeline")) }
    }
}

/// Runs the driver of a connection in a task.
fn spawn(
    connection: RedisResult<(MultiplexedConnection, impl Future<Output = ()> + Send + 'static)>,
) -> Result<(MultiplexedConnection, AbortHandle), Failure> {
    let (multiplexed, driver) = connection?;
    Ok((multiplexed, tokio::spawn(driver).abort_handle()))
}

/// Returns the error that a reply is.
pub(crate) fn as_failure(reply: &Value) -> Option<Failure> {
    match reply {
        Value::ServerError(error) => Some(Failure::answered(error)),
        _ => None,
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
