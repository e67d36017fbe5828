//! Three instances of `items-api`, an authorization server, a relay for each instance, and Redis.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::clock::{self, ShiftedClock};
use crate::instance::{Instance, Launch};
use crate::processes::free_address;
use crate::redis_server::RedisServer;
use crate::relay::Relay;
use crate::tokens::Tokens;

/// The number of instances.
pub(crate) const INSTANCES: usize = 3;

const NAMES: [&str; INSTANCES] = ["a", "b", "c"];

/// All processes of one run.
#[derive(Debug)]
pub(crate) struct Fleet {
    pub(crate) tokens: Tokens,
    pub(crate) instances: [Instance; INSTANCES],
    /// The line of each instance to Redis. The tests with instances of their own have none.
    pub(crate) relays: Vec<Relay>,
    pub(crate) redis: Mutex<Option<Servers>>,
}

/// The Redis servers.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) primary: RedisServer,
    pub(crate) replica: Option<RedisServer>,
}

/// The settings of a fleet.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// The program `items-api`.
    pub(crate) program: PathBuf,
    /// The member `outage` of the configuration.
    pub(crate) outage: &'static str,
    pub(crate) has_replica: bool,
    /// The instances wait until the replica has a revocation.
    pub(crate) waits_for_replica: bool,
    pub(crate) has_shifted_clocks: bool,
}

impl Fleet {
    /// Starts all processes and waits until the instances are ready.
    pub(crate) async fn start(plan: &Plan, folder: &Path) -> Self {
        let tokens = Tokens::start().await;
        let primary = RedisServer::start(folder.join("redis"), None).await;
        let replica = if plan.has_replica {
            Some(RedisServer::start(folder.join("replica"), Some(primary.address())).await)
        } else {
            None
        };
        let mut relays = Vec::new();
        let mut instances = Vec::new();
        for name in NAMES {
            let relay = Relay::start(primary.address()).await.expect("a relay");
            let path = |end: &str| folder.join(format!("{name}.{end}"));
            let configuration = path("json");
            let text = configuration_of(plan, &tokens, &relay).to_string();
            std::fs::write(&configuration, text).expect("a configuration file is written");
            let clock = plan.has_shifted_clocks.then(|| {
                let library = clock::library().expect("the library `faketime`");
                ShiftedClock::new(library, path("clock"))
            });
            let (program, log) = (plan.program.clone(), path("log"));
            let launch = Launch { program, configuration, log, clock };
            instances.push(Instance::new(name, free_address(), launch));
            relays.push(relay);
        }
        let instances: [Instance; INSTANCES] =
            instances.try_into().expect("as many instances as names");
        let redis = Mutex::new(Some(Servers { primary, replica }));
        let fleet = Self { tokens, instances, relays, redis };
        fleet.start_instances().await;
        fleet
    }

    /// Starts all instances and waits until they are ready.
    pub(crate) async fn start_instances(&self) {
        for instance in &self.instances {
            instance.start().await;
        }
        for instance in &self.instances {
            instance.serve_when_ready().await;
        }
    }
}

fn configuration_of(plan: &Plan, tokens: &Tokens, relay: &Relay) -> Value {
    let url = format!("redis://{}", relay.address());
    let redis =
        if plan.waits_for_replica { json!({ "url": url, "replicas": 1 }) } else { url.into() };
    json!({
        "issuers": [{ "issuer": tokens.issuer() }],
        "audiences": [tokens.audience()],
        "revocation": { "redis": redis, "outage": plan.outage },
    })
}
