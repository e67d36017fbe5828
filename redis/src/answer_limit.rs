//! The largest size of an answer.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Largest number of bytes that are read after the last write: 32 MiB.
const LIMIT: usize = 32 * 1024 * 1024;

/// The feed reads pages of at most 1000 records, and no server accepts a record that is longer than
/// 16 KiB. `XINFO STREAM` adds the first and the last record. Each record has a position and lengths
/// around it. The longest valid answer thus has 16 MiB.
const LONGEST_VALID: usize = (1000 + 2) * (16 * 1024 + 128);
const _: () = assert!(LONGEST_VALID < LIMIT);

/// Stream to a server whose answers are limited. Without a limit, one long record of the log would
/// take the memory and the time of all instances that read it.
pub(crate) struct LimitedStream<S> {
    stream: S,
    /// Number of bytes that were read after the last write.
    read: usize,
    overrun: Overrun,
}

/// Tells that an answer was too long. The client of the crate `redis` does not return all errors of
/// its stream.
#[derive(Debug, Clone, Default)]
pub(crate) struct Overrun(Arc<AtomicBool>);

impl Overrun {
    /// Returns true if an answer was too long.
    pub(crate) fn has_happened(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl<S> LimitedStream<S> {
    pub(crate) fn new(stream: S, overrun: Overrun) -> Self {
        Self { stream, read: 0, overrun }
    }

    fn count(&mut self, read: usize) -> io::Result<()> {
        self.read = self.read.saturating_add(read);
        if self.read <= LIMIT {
            return Ok(());
        }
        self.overrun.0.store(true, Ordering::Release);
        Err(io::ErrorKind::InvalidData.into())
    }

    /// Begins to count again after a write of this result.
    fn written(&mut self, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(result, Poll::Ready(Ok(_))) {
            self.read = 0;
        }
        result
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for LimitedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let read = buffer.filled().len().saturating_sub(before);
        Poll::Ready(self.count(read))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for LimitedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(context, octets);
        self.written(result)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn the_bytes_after_a_write_are_limited() {
        let (near, mut far) = duplex(2 * LIMIT);
        let overrun = Overrun::default();
        let mut stream = LimitedStream::new(near, overrun.clone());
        let mut answer = vec![0; LIMIT];
        for _ in 0..2 {
            stream.write_all(b"question").await.unwrap();
            far.write_all(&answer).await.unwrap();
            stream.read_exact(&mut answer).await.unwrap();
        }
        assert!(!overrun.has_happened());
        far.write_all(b"!").await.unwrap();
        let error = stream.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(overrun.has_happened());
    }
}
