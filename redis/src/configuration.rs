//! The description of the settings, for the operator.

use serde::Serialize;

use crate::deployment::{Deployment, Topology};

/// Settings of Redis with all defaults applied. The fields have the names of the fields in a file.
/// The values contain no secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RedisConfiguration {
    /// The URLs of the servers, without users and passwords.
    pub urls: Vec<String>,
    /// The name of the primary at the sentinels. `None` if the URLs are not those of sentinels.
    pub sentinel: Option<String>,
    /// True if the URLs are those of nodes of a cluster.
    pub cluster: bool,
    /// The user of the access control list.
    pub username: Option<String>,
    /// The key of the stream with the revocations.
    pub stream: String,
    /// The beginning of the keys of used proofs.
    pub proof_prefix: String,
    /// The number of replicas that must confirm each revocation.
    pub replicas: u8,
}

impl RedisConfiguration {
    pub(crate) fn of(deployment: &Deployment) -> Self {
        let access = &deployment.access;
        let scheme = if access.tls.is_some() { "rediss" } else { "redis" };
        let database = match access.database {
            0 => String::new(),
            number => format!("/{number}"),
        };
        let addresses = deployment.addresses.iter();
        Self {
            urls: addresses.map(|address| format!("{scheme}://{address}{database}")).collect(),
            sentinel: match &deployment.topology {
                Topology::Sentinel { primary, .. } => Some(primary.clone()),
                Topology::Single | Topology::Cluster => None,
            },
            cluster: deployment.is_cluster(),
            username: access.credentials.username.clone(),
            stream: deployment.stream.clone(),
            proof_prefix: deployment.proof_prefix.clone(),
            replicas: deployment.replicas,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::RedisSettings;

    #[test]
    fn the_description_has_the_defaults_and_no_secret() {
        let settings = RedisSettings::new("redis://items:s3cr3t@redis.example/2").replicas(1);
        let configuration = settings.open().unwrap().configuration();
        assert_eq!(configuration.urls, ["redis://redis.example:6379/2"]);
        assert_eq!(configuration.username.as_deref(), Some("items"));
        assert_eq!(configuration.stream, "axum-protected:revocations");
        assert_eq!(configuration.proof_prefix, "axum-protected:proof:");
        assert_eq!((configuration.cluster, configuration.replicas), (false, 1));

        let settings = RedisSettings::new("rediss://one.example").url("rediss://[::1]:7000");
        let settings = settings.sentinel("main").password("s3cr3t").sentinel_password("s3cr3t");
        let configuration = settings.open().unwrap().configuration();
        assert_eq!(configuration.urls, ["rediss://one.example:26379", "rediss://[::1]:7000"]);
        assert_eq!(configuration.sentinel.as_deref(), Some("main"));
        let text = serde_json::to_string(&configuration).unwrap();
        assert!(!text.contains("s3cr3t"), "{text}");
    }
}
