//! The settings of a transmitter that say where its keys are.

use std::path::PathBuf;

use serde_json::Value;

use super::settings::EventTransmitter;
use crate::algorithm::Algorithm;

impl EventTransmitter {
    /// Verifies the events of a transmitter that is an issuer of the server with keys of their own:
    /// those that the transmitter's metadata names at `/.well-known/ssf-configuration` (Shared
    /// Signals Framework 1.0 section 7). Default: with the keys of the issuer. The other settings of
    /// keys include this one. A transmitter that is not an issuer of the server always has keys of
    /// its own.
    ///
    /// Keys of their own never verify access tokens.
    pub fn own_keys(mut self) -> Self {
        self.own_keys = true;
        self
    }

    /// Sets the URL of the metadata of a transmitter that publishes it somewhere else than at its
    /// well-known location, for example because its identifier is not a URL. The `issuer` in the
    /// document must equal the identifier of the transmitter.
    pub fn metadata_url(mut self, url: impl Into<String>) -> Self {
        self.metadata_url = Some(url.into());
        self
    }

    /// Sets the URL of the transmitter's JWK set. The server then does not fetch its metadata.
    pub fn jwks_uri(mut self, uri: impl Into<String>) -> Self {
        self.jwks_uri = Some(uri.into());
        self
    }

    /// Sets the transmitter's JWK set. The server then never fetches keys of the transmitter.
    pub fn jwks(mut self, set: Value) -> Self {
        self.jwks = Some(set);
        self
    }

    /// Sets the path of a file with the transmitter's keys, which the server reads like the
    /// [`jwks_file`](crate::Issuer::jwks_file) of an issuer.
    pub fn jwks_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.jwks_file = Some(path.into());
        self
    }

    /// Sets the signature algorithms of events that are verified with keys of their own. Default: all
    /// asymmetric algorithms, whatever the server accepts for access tokens. RSA keys have 2048 bits
    /// at least.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Permits plain http for the metadata, the keys and the poll endpoint of this transmitter, also
    /// outside of loopback. Whoever can change this traffic can forge events. See
    /// [`Issuer::insecure_http`](crate::Issuer::insecure_http).
    pub fn insecure_http(mut self) -> Self {
        self.insecure_http = true;
        self
    }

    /// Sets the path of a PEM file with root certificates that are trusted for https requests to
    /// this transmitter, in addition to those of the system and of the server. The server reads the
    /// file when it is built.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_file = Some(path.into());
        self
    }
}
