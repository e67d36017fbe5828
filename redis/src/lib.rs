//! Revocations and used DPoP proofs of [`axum-protected`](axum_protected), shared by all instances of
//! an API through Redis or Valkey.
//!
//! ```no_run
//! use axum_protected::ResourceServer;
//! use axum_protected::dpop::Dpop;
//! use axum_protected::revocation::RevocationFeed;
//! use axum_protected_redis::RedisSettings;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let redis = RedisSettings::new("rediss://redis.internal:6379")
//!     .username("items-api")
//!     .password_file("/run/secrets/redis")
//!     .open()?;
//! let server = ResourceServer::builder()
//!     .issuer("https://id.example.com")
//!     .audience("https://items.example.com")
//!     .resource("https://items.example.com")
//!     .revocation_feed(RevocationFeed::new(redis.revocation_log()))
//!     .dpop(Dpop::new().replay_store(redis.proofs()))
//!     .build()?;
//! server.ready().await?;
//! # Ok(())
//! # }
//! ```
//!
//! A connection is opened when a call needs it, and again after it was lost. The log has two
//! connections in each instance, the proofs have one. Redis must be release 6.2 or later; every
//! release of Valkey suits. The calls need a tokio runtime.
//!
//! # Settings
//!
//! [`RedisSettings`] has these settings, in code and in files. In a file, the settings are a table, or
//! only the text of the URL.
//!
//! | setting | meaning | default |
//! |---|---|---|
//! | `url` | `redis://user:password@host:6379/0`, or `rediss` for TLS | required |
//! | `urls` | several URLs in place of one: of sentinels or of nodes of a cluster | |
//! | `sentinel` | the name of the primary; the URLs are those of sentinels | no Sentinel |
//! | `cluster` | the URLs are those of nodes of a cluster | false |
//! | `username`, `password`, `password_file` | the user; the file is read again for each connection | those of the URL |
//! | `sentinel_username`, `sentinel_password`, `sentinel_password_file` | the user at the sentinels | none |
//! | `ca_file` | root certificates that are trusted besides those of the system | none |
//! | `client_certificate_file`, `client_key_file` | the certificate that servers demand of clients | none |
//! | `stream` | the key of the log | `axum-protected:revocations` |
//! | `proof_prefix` | the beginning of the keys of used proofs | `axum-protected:proof:` |
//! | `replicas` | the number of replicas that must confirm a revocation | 0 |
//! | `response_timeout_seconds` | the time for a connection, and for an answer; a feed waits for 2 s at most, whatever the setting says | 2 |
//!
//! A password that leaves the machine without TLS causes the event
//! `axum_protected_redis.password_without_tls` (`WARN`, target `axum_protected_redis`). Use `rediss`
//! unless the network is trusted: whoever can write to the connection can revoke every token, and can
//! delete revocations.
//!
//! # The user of the access control list
//!
//! The user needs these commands and keys, and nothing else:
//!
//! ```text
//! ACL SETUSER items-api on >PASSWORD ~axum-protected:* +xadd +xread +xtrim +xinfo|stream +info +set +wait
//! ```
//!
//! `+wait` is for `replicas`. A database other than 0 needs `+select`, a cluster needs `+asking`. A
//! user at the sentinels needs `+sentinel|get-master-addr-by-name`. Redis must not evict keys: set
//! `maxmemory-policy noeviction`. An evicted stream is written again by the instances, but an evicted
//! proof could be used once more.
//!
//! # Restarts and failover
//!
//! Each page of the log states its *lineage*: the replication identifier and the process of the
//! server. It changes with each restart and each failover, and sometimes without a reason, for example
//! when a server gets its first replica. The instances then read the log from its start, keep the
//! revocations that they know, and append again what the log lacks. A revocation is therefore lost only
//! if Redis loses it and no instance that knows it is running.
//!
//! The log is read from primaries only. With Sentinel, each new connection asks the sentinels, and the
//! server that they name must say that it is a primary. In a cluster, one node has the log, and the
//! connections follow its slot to another node. While the slot is moved, the log can be unavailable
//! for a moment.
//!
//! Without `replicas`, two cases remain that no reader can notice:
//!
//! - A primary fails after it confirmed a revocation and before a replica has it. The instance that
//!   revoked appends the revocation again if it is running.
//! - A primary is cut off from its replicas and from Sentinel, but not from some instances. These
//!   instances read it, and do not see the revocations on the new primary until the cut ends.
//!
//! With `replicas` of at least 1, a revocation is confirmed by `WAIT` after so many replicas have it,
//! and a primary is not read if fewer replicas were heard within the last 2 seconds. An old primary then
//! counts as an outage before Sentinel has chosen a new one, because Sentinel waits for longer
//! (`down-after-milliseconds`, 30 s by default; at least 3 s). The number must be available after a
//! failover too: a primary with two replicas allows `replicas` of 1. `WAIT` is not a consensus: a
//! failover can choose a replica that did not confirm. Configure `min-replicas-to-write` and
//! `min-replicas-max-lag` in Redis with the same numbers, so that an old primary refuses writes too.
//!
//! # Proofs
//!
//! Each proof is one command, `SET NX PX`, in one round trip. If Redis does not answer, the request is
//! refused with status 503, also if its memory is full.
//!
//! A proof that Redis has forgotten may be accepted once more at another instance, for as long as its
//! time is valid. The server's own memory still refuses it in the instance that saw it. Redis forgets
//! proofs in these cases:
//!
//! - It restarts without data, or without the last second (`appendfsync everysec`).
//! - A failover chooses a replica that did not have the proof yet. Redis does not confirm proofs by
//!   replicas.
//! - An old primary is cut off, but not from some instances. It and the new one do not know each
//!   other's proofs. `min-replicas-to-write` ends this after `min-replicas-max-lag`.
//! - The clock of its machine jumps ahead by more than a minute.
//!
//! # Features
//!
//! | feature | content |
//! |---|---|
//! | `tls_aws_lc` (default) | `rediss`, by rustls with aws-lc-rs |
//! | `tls_ring` | the same with ring |
//!
//! The certificates of the system are trusted, and those of `ca_file`. No cryptographic provider needs
//! to be installed for the process.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod address;
mod answer_limit;
mod client;
mod configuration;
mod connection;
mod credentials;
mod deployment;
mod error;
mod exclusive;
mod failure;
mod log;
mod nodes;
mod proofs;
mod replies;
mod sentinel;
mod settings;
mod shared;
mod slots;
mod telemetry;
mod tls;

pub use self::client::Redis;
pub use self::configuration::RedisConfiguration;
pub use self::error::RedisConfigError;
pub use self::log::RedisLog;
pub use self::proofs::RedisProofs;
pub use self::settings::RedisSettings;
