//! The settings of DPoP.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::replay_store::ReplayStore;
use crate::algorithm::Algorithm;

/// Acceptance of DPoP: tokens that are bound to a key of the client, and the proofs of possession of
/// that key (RFC 9449). A stolen token is useless without the key.
///
/// [`ResourceServerBuilder::dpop`](crate::ResourceServerBuilder::dpop) takes these settings, which
/// need the feature `dpop` of this crate. They also need
/// [`public_url`](crate::ResourceServerBuilder::public_url) or
/// [`resource`](crate::ResourceServerBuilder::resource), because each proof names the URL of its
/// request:
///
#[cfg_attr(feature = "dpop", doc = "```")]
#[cfg_attr(not(feature = "dpop"), doc = "```no_run")]
/// use axum_protected::ResourceServer;
/// use axum_protected::dpop::Dpop;
///
/// let server = ResourceServer::builder()
///     .issuer("https://id.example.com")
///     .resource("https://api.example.com")
///     .dpop(Dpop::new())
///     .build()?;
/// # Ok::<(), axum_protected::ConfigError>(())
/// ```
///
/// In a configuration file, `dpop` has the fields `required`, `algorithms`, `nonce`,
/// `nonce_secret_file`, `max_age_seconds`, `replay_capacity` and
/// `insecure_accept_replays_in_outages`. An empty object accepts DPoP with all defaults:
///
#[cfg_attr(feature = "dpop", doc = "```")]
#[cfg_attr(not(feature = "dpop"), doc = "```no_run")]
/// use axum_protected::ResourceServerBuilder;
///
/// let file = r#"{
///     "issuers": [{ "issuer": "https://id.example.com" }],
///     "resource": "https://api.example.com",
///     "dpop": { "required": true, "algorithms": ["ES256", "EdDSA"], "nonce": true }
/// }"#;
/// let server = serde_json::from_str::<ResourceServerBuilder>(file)?.build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The guide has the [rules for proofs](crate::guide::bound_tokens), and says how to size the memory
/// of used proofs.
#[derive(Clone, Default, Deserialize)]
#[serde(
    default,
    deny_unknown_fields,
    expecting = "a table of the settings of DPoP, which is empty for the defaults"
)]
#[must_use = "the settings have no effect until a builder has them"]
pub struct Dpop {
    pub(crate) required: bool,
    pub(crate) algorithms: Option<Vec<Algorithm>>,
    pub(crate) nonce: bool,
    pub(crate) nonce_secret_file: Option<PathBuf>,
    #[serde(rename = "max_age_seconds", deserialize_with = "whole_seconds")]
    pub(crate) max_age: Option<Duration>,
    pub(crate) replay_capacity: Option<usize>,
    pub(crate) insecure_accept_replays_in_outages: bool,
    #[serde(skip)]
    pub(crate) replay_store: Option<Arc<dyn ReplayStore>>,
}

impl Dpop {
    /// Creates settings with the defaults: bound tokens are accepted with their proofs, and tokens
    /// that are not bound are accepted as bearer tokens.
    pub fn new() -> Self {
        Self::default()
    }

    /// Refuses every token that is not bound to the key of proofs. Default: such a token is accepted
    /// as a bearer token, unless a policy demands the proof.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the accepted signature algorithms of proofs. Default: all asymmetric algorithms that the
    /// cryptographic backend supports. Symmetric algorithms and an empty list are errors.
    ///
    /// The challenges name the algorithms in `algs`.
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Requires a nonce of this server in each proof (RFC 9449 section 9). Default: no nonce.
    ///
    /// A request without a current nonce gets a 401 with the error `use_dpop_nonce` and a fresh
    /// nonce in the header `DPoP-Nonce`, and the client tries again. Nobody can then make proofs in
    /// advance, for example a script that has access to the client's key for a short time. A nonce
    /// is accepted for 4 to 6 minutes. The server stores no nonces.
    ///
    /// Without a [`nonce_secret_file`](Self::nonce_secret_file), each process has a random secret:
    /// it accepts its own nonces only, and a restart makes all nonces invalid.
    pub fn nonce(mut self) -> Self {
        self.nonce = true;
        self
    }

    /// Sets the file with the secrets for nonces. All servers with the same secret accept the nonces
    /// of each other.
    ///
    /// The file has one secret of at least 32 bytes on each line. `openssl rand -hex 32` makes one.
    /// The first secret makes nonces, and all of them are accepted. To replace a secret, add the new
    /// one as the last line on all servers, then move it to the first line, then remove the old one
    /// after some minutes. A file of at least 32 random bytes that is not a text is one secret. The
    /// server reads the file when it is built.
    pub fn nonce_secret_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.nonce_secret_file = Some(path.into());
        self
    }

    /// Sets the age up to which a proof is accepted. Default: 60 s. From 1 s to 300 s. The clock of
    /// a client may be ahead of the server's [`clock`](crate::ResourceServerBuilder::clock) by 10 s.
    ///
    /// A used proof is remembered for this time, so a longer time needs a larger
    /// [`replay_capacity`](Self::replay_capacity).
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Sets the number of used proofs that the server can remember. Default: 100 000, which take
    /// about 4 MB. From 1 to 100 000 000.
    ///
    /// Each request with a valid proof takes an entry for [`max_age`](Self::max_age) and at most 10 s
    /// more. The default is enough for 1400 requests in a second. While all entries are in use, the
    /// server refuses requests with proofs with a 503 and the code `proofs_unavailable`. It never
    /// drops an entry whose proof would still be accepted. One key takes at most seven eighths of the
    /// entries, so that one client cannot keep the others out. With a
    /// [`replay_store`](Self::replay_store), the proofs that have no entry are judged by the store.
    pub fn replay_capacity(mut self, proofs: usize) -> Self {
        self.replay_capacity = Some(proofs);
        self
    }

    /// Sets the store of used proofs, for several processes that serve the same API. Default: only
    /// the memory of this process, which knows nothing of proofs that another process accepted, or
    /// that were used before a restart.
    ///
    /// The memory of this process stays in front of the store: the server does not ask the store
    /// about a proof that it has seen itself. If that memory is full, the store decides alone. While
    /// the store does not answer, requests with proofs are refused with a 503 and the code
    /// `proofs_unavailable`.
    ///
    /// [`ResourceServerBuilder::replay_store`](crate::ResourceServerBuilder::replay_store) sets the
    /// store for settings of a file.
    pub fn replay_store(mut self, store: impl ReplayStore) -> Self {
        self.replay_store = Some(Arc::new(store));
        self
    }

    /// Accepts a proof that this process has not seen while the [`replay_store`](Self::replay_store)
    /// does not answer. Default: such a request is refused with a 503.
    ///
    /// **Insecure:** during an outage of the store, whoever has intercepted a request can send it once
    /// to each of the other processes, until the proof is too old ([`max_age`](Self::max_age)). The
    /// log has the warning `axum_protected.dpop.proofs_judged_locally`.
    pub fn insecure_accept_replays_in_outages(mut self) -> Self {
        self.insecure_accept_replays_in_outages = true;
        self
    }
}

fn whole_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    Ok(Option::deserialize(deserializer)?.map(Duration::from_secs))
}

/// Does not write the path, because it has not been checked and may be the secret itself.
impl fmt::Debug for Dpop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Dpop")
            .field("required", &self.required)
            .field("algorithms", &self.algorithms)
            .field("nonce", &self.nonce)
            .field("max_age", &self.max_age)
            .field("replay_capacity", &self.replay_capacity)
            .finish_non_exhaustive()
    }
}
