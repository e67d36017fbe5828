//! The settings for a transmitter that is polled.

use std::path::PathBuf;

use super::settings::EventTransmitter;

impl EventTransmitter {
    /// Fetches the events of the transmitter from this endpoint (RFC 8936), which the transmitter
    /// assigns to the stream. The server begins when it is built on a tokio runtime, otherwise with
    /// the first call of [`ready`](crate::ResourceServer::ready) or
    /// [`health`](crate::ResourceServer::health), and waits at the endpoint for events. It acknowledges
    /// an event after all instances know of its revocations.
    ///
    /// All instances of an API may poll the same stream: each event reaches one of them, and the
    /// [feed](crate::ResourceServerBuilder::revocation_feed) spreads its revocations. Without a feed,
    /// an event reaches one instance only.
    ///
    /// ```
    /// use axum_protected::security_event::EventTransmitter;
    ///
    /// let transmitter = EventTransmitter::new("https://id.example.com")
    ///     .audience("https://api.example.com/security-events")
    ///     .poll("https://id.example.com/ssf/streams/7/poll")
    ///     .poll_bearer_file("/run/secrets/ssf-token");
    /// ```
    pub fn poll(mut self, endpoint: impl Into<String>) -> Self {
        self.poll_endpoint = Some(endpoint.into());
        self
    }

    /// Sets the whole value of the `Authorization` header of poll requests.
    pub fn poll_authorization(mut self, value: impl Into<String>) -> Self {
        self.poll_authorization = Some(value.into());
        self
    }

    /// Sets the path of a file with the access token for poll requests, which have the header
    /// `Authorization: Bearer`. The server reads the file anew for each request, so the token in it
    /// may be replaced. Whitespace at its end does not count.
    pub fn poll_bearer_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.poll_bearer_file = Some(path.into());
        self
    }
}
