//! One direction of a relayed connection.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::{Direction, Flow, Link};

/// The number of pieces that wait at most. A sender of more waits, as with a full TCP window.
const PIECES: usize = 256;

const PIECE_BYTES: usize = 16 * 1024;

/// Moves bytes from `from` to `to` until one of them is closed.
pub(super) async fn pipe(
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    direction: Direction,
    link: watch::Receiver<Link>,
) {
    let (pieces, arrived) = mpsc::channel(PIECES);
    // Reading goes on while earlier bytes are delayed.
    tokio::join!(read(from, pieces), write(to, arrived, direction, link));
}

async fn read(mut from: OwnedReadHalf, pieces: mpsc::Sender<(Instant, Vec<u8>)>) {
    let mut buffer = vec![0; PIECE_BYTES];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if pieces.send((Instant::now(), buffer[..length].to_vec())).await.is_err() {
            return;
        }
    }
}

async fn write(
    mut to: OwnedWriteHalf,
    mut pieces: mpsc::Receiver<(Instant, Vec<u8>)>,
    direction: Direction,
    mut link: watch::Receiver<Link>,
) {
    while let Some((arrival, piece)) = pieces.recv().await {
        if !passes(arrival, direction, &mut link).await || to.write_all(&piece).await.is_err() {
            return;
        }
    }
}

/// Waits until a piece that arrived at this time may go on. Returns false if the relay has ended.
async fn passes(arrival: Instant, direction: Direction, link: &mut watch::Receiver<Link>) -> bool {
    loop {
        let flow = link.borrow_and_update().flow(direction);
        let is_changed = match flow {
            Flow::Passes(delay) => tokio::select! {
                biased;
                () = sleep_until(arrival + delay) => return true,
                changed = link.changed() => changed.is_ok(),
            },
            Flow::Held => link.changed().await.is_ok(),
        };
        if !is_changed {
            return false;
        }
    }
}
