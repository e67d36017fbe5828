//! Emits the events, with the target `axum_protected_redis`.

/// The `tracing` target of all events, in place of the module path.
const TARGET: &str = "axum_protected_redis";

/// The settings have a password for servers that are not on this machine, without TLS.
pub(crate) fn password_without_tls() {
    tracing::warn!(
        name: "axum_protected_redis.password_without_tls",
        target: TARGET,
        "the password of Redis is sent without TLS to another machine: use `rediss`, unless the \
         network between the machines is trusted"
    );
}
