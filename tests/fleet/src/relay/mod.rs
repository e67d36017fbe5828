//! A TCP relay between one instance and Redis. The test cuts, holds and delays it.

mod pipe;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use self::pipe::pipe;

/// A relay on a free loopback port. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Relay {
    address: SocketAddr,
    link: watch::Sender<Link>,
    task: AbortHandle,
}

/// The state of the line between both ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    target: SocketAddr,
    requests: Flow,
    answers: Flow,
    /// False while the relay closes each new connection.
    accepts: bool,
    /// Rises when all open connections must end.
    epoch: u64,
}

/// The treatment of the bytes of one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Bytes arrive this much later.
    Passes(Duration),
    /// Bytes are kept until the flow passes again, as TCP repeats the packets that a network dropped.
    Held,
}

impl Flow {
    /// Bytes arrive immediately.
    pub(crate) const OPEN: Self = Self::Passes(Duration::ZERO);
}

/// The direction of bytes, seen from the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Requests,
    Answers,
}

impl Link {
    fn flow(&self, direction: Direction) -> Flow {
        match direction {
            Direction::Requests => self.requests,
            Direction::Answers => self.answers,
        }
    }
}

impl Relay {
    /// Starts a relay to this address.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no free port.
    pub(crate) async fn start(target: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let link =
            Link { target, requests: Flow::OPEN, answers: Flow::OPEN, accepts: true, epoch: 0 };
        let (link, observed) = watch::channel(link);
        let task = tokio::spawn(accept(listener, observed)).abort_handle();
        Ok(Self { address, link, task })
    }

    /// Returns the address at which the relay accepts connections.
    #[must_use]
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Treats the bytes of both directions in this way, also on open connections.
    pub(crate) fn set_flows(&self, requests: Flow, answers: Flow) {
        self.link.send_modify(|link| (link.requests, link.answers) = (requests, answers));
    }

    /// Closes all connections, and each new one.
    pub(crate) fn cut(&self) {
        self.link.send_modify(|link| (link.accepts, link.epoch) = (false, link.epoch + 1));
    }

    /// Accepts connections again, and lets all bytes pass immediately.
    pub(crate) fn heal(&self) {
        self.link.send_modify(|link| {
            (link.accepts, link.requests, link.answers) = (true, Flow::OPEN, Flow::OPEN);
        });
    }

    /// Closes all connections. New ones lead to this address.
    pub(crate) fn lead_to(&self, target: SocketAddr) {
        self.link.send_modify(|link| (link.target, link.epoch) = (target, link.epoch + 1));
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
        // The open connections end too.
        self.cut();
    }
}

async fn accept(listener: TcpListener, link: watch::Receiver<Link>) {
    while let Ok((instance, _)) = listener.accept().await {
        let now = *link.borrow();
        if now.accepts {
            tokio::spawn(connect(instance, now, link.clone()));
        }
    }
}

/// Relays one connection until one end closes it or the epoch changes.
async fn connect(instance: TcpStream, start: Link, mut link: watch::Receiver<Link>) {
    let Ok(server) = TcpStream::connect(start.target).await else { return };
    for stream in [&instance, &server] {
        let _ = stream.set_nodelay(true);
    }
    let (from_instance, to_instance) = instance.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = pipe(from_instance, to_server, Direction::Requests, link.clone()) => {}
        () = pipe(from_server, to_instance, Direction::Answers, link.clone()) => {}
        _ = link.wait_for(|link| link.epoch != start.epoch) => {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::timeout;

    use super::*;

    /// Starts a server that sends back each byte, changed by this function.
    async fn server(change: fn(u8) -> u8) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    while let Ok(byte) = stream.read_u8().await {
                        stream.write_u8(change(byte)).await.unwrap();
                    }
                });
            }
        });
        address
    }

    async fn answer(stream: &mut TcpStream, byte: u8) -> io::Result<u8> {
        stream.write_u8(byte).await?;
        stream.read_u8().await
    }

    const LITTLE: Duration = Duration::from_millis(150);

    #[tokio::test]
    async fn bytes_pass_are_delayed_and_are_held() {
        let relay = Relay::start(server(|byte| byte).await).await.unwrap();
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        assert_eq!(answer(&mut stream, 1).await.unwrap(), 1);

        relay.set_flows(Flow::OPEN, Flow::Passes(LITTLE));
        let start = Instant::now();
        assert_eq!(answer(&mut stream, 2).await.unwrap(), 2);
        assert!(start.elapsed() >= LITTLE);

        for (requests, answers) in [(Flow::Held, Flow::OPEN), (Flow::OPEN, Flow::Held)] {
            relay.set_flows(requests, answers);
            assert!(timeout(LITTLE, answer(&mut stream, 3)).await.is_err());
            relay.heal();
            assert_eq!(stream.read_u8().await.unwrap(), 3);
        }
    }

    #[tokio::test]
    async fn a_cut_ends_connections_and_a_new_target_is_reached() {
        let relay = Relay::start(server(|byte| byte).await).await.unwrap();
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        assert_eq!(answer(&mut stream, 1).await.unwrap(), 1);
        relay.cut();
        assert!(stream.read_u8().await.is_err());
        let mut refused = TcpStream::connect(relay.address()).await.unwrap();
        assert!(answer(&mut refused, 1).await.is_err());

        relay.lead_to(server(|byte| byte + 1).await);
        relay.heal();
        let mut stream = TcpStream::connect(relay.address()).await.unwrap();
        assert_eq!(answer(&mut stream, 1).await.unwrap(), 2);
    }
}
