//! Reads the replies of a server. All functions are pure.

use axum_protected::revocation::LogPosition;
use redis::Value;

/// Field of an entry of the stream that has the record.
pub(crate) const FIELD: &str = "r";

/// Largest age of the last message of a replica that is connected, in seconds. Replicas send one each
/// second.
const LARGEST_LAG: u64 = 1;

/// Section `replication` of `INFO`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replication {
    pub(crate) is_primary: bool,
    pub(crate) identifier: String,
    /// The number of replicas that the primary has heard of a moment ago.
    pub(crate) replicas: usize,
}

impl Replication {
    pub(crate) fn read(reply: &Value) -> Option<Self> {
        let text = text(reply)?;
        Some(Self {
            is_primary: field(text, "role")? == "master",
            identifier: field(text, "master_replid")?.to_owned(),
            replicas: text.lines().filter(|line| is_connected_replica(line)).count(),
        })
    }
}

/// Judges a line like `slave0:ip=127.0.0.1,port=6380,state=online,offset=42,lag=0`.
fn is_connected_replica(line: &str) -> bool {
    let Some((name, value)) = line.split_once(':') else { return false };
    let is_replica = name.strip_prefix("slave").is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|octet| octet.is_ascii_digit())
    });
    let part = |name: &str| {
        let pairs = value.trim_end().split(',').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
    };
    let lag = part("lag").and_then(|lag| lag.parse().ok());
    is_replica && part("state") == Some("online") && lag.is_some_and(|lag: u64| lag <= LARGEST_LAG)
}

/// Returns the identifier of the process in the section `server` of `INFO`.
pub(crate) fn run_id(reply: &Value) -> Option<&str> {
    field(text(reply)?, "run_id")
}

/// Returns true if the section `server` of `INFO` is that of a node of a cluster. Valkey 8 renamed the
/// field `redis_mode`.
pub(crate) fn is_cluster_node(reply: &Value) -> bool {
    let Some(text) = text(reply) else { return false };
    ["redis_mode", "server_mode"].into_iter().any(|name| field(text, name) == Some("cluster"))
}

/// Returns the value of a line like `name:value`.
fn field<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    let mut values = info.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    values.next().map(str::trim_end).filter(|value| !value.is_empty())
}

/// The first position of the stream, and the last one that it has given.
pub(crate) type Ends = (Option<LogPosition>, Option<LogPosition>);

/// Reads the reply to `XINFO STREAM`.
pub(crate) fn ends(reply: &Value) -> Option<Ends> {
    let Value::Array(members) = reply else { return None };
    let member = |name: &str| {
        members.chunks_exact(2).find_map(|pair| match pair {
            [key, value] if text(key) == Some(name) => Some(value),
            _ => None,
        })
    };
    let last = position(member("last-generated-id")?)?;
    let first = match member("first-entry")? {
        Value::Nil => None,
        Value::Array(entry) => Some(position(entry.first()?)?),
        _ => return None,
    };
    // A stream that has never had an entry has `0-0`.
    Some((first, Some(last).filter(|last| *last > LogPosition::new(0, 0))))
}

/// Reads the reply to `XREAD` of one stream.
pub(crate) fn records(reply: Value) -> Option<Vec<(LogPosition, String)>> {
    let mut streams = match reply {
        Value::Nil => return Some(Vec::new()),
        Value::Array(streams) => streams.into_iter(),
        _ => return None,
    };
    match (streams.next()?, streams.next()) {
        (Value::Array(stream), None) => match <[Value; 2]>::try_from(stream).ok()? {
            [_, Value::Array(entries)] => entries.into_iter().map(entry).collect(),
            _ => None,
        },
        _ => None,
    }
}

/// Reads an entry. The record of an entry with other fields than the one field is an empty text,
/// which no reader of records accepts.
fn entry(entry: Value) -> Option<(LogPosition, String)> {
    let Value::Array(entry) = entry else { return None };
    let [identifier, fields] = <[Value; 2]>::try_from(entry).ok()?;
    Some((position(&identifier)?, record(fields).unwrap_or_default()))
}

fn record(fields: Value) -> Option<String> {
    let Value::Array(fields) = fields else { return None };
    match <[Value; 2]>::try_from(fields).ok()? {
        [name, Value::BulkString(record)] if text(&name) == Some(FIELD) => {
            String::from_utf8(record).ok()
        }
        _ => None,
    }
}

fn position(reply: &Value) -> Option<LogPosition> {
    let (major, minor) = text(reply)?.split_once('-')?;
    Some(LogPosition::new(major.parse().ok()?, minor.parse().ok()?))
}

/// Returns the text of a reply that is a text.
pub(crate) fn text(reply: &Value) -> Option<&str> {
    match reply {
        Value::BulkString(octets) => str::from_utf8(octets).ok(),
        Value::SimpleString(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_of_a_cluster_says_so_in_one_of_two_fields() {
        let cases = [
            ("redis_version:7.0.15\r\nredis_mode:cluster\r\n", true),
            ("redis_version:7.0.15\r\nredis_mode:standalone\r\n", false),
            ("redis_version:7.2.4\r\nserver_name:valkey\r\nserver_mode:cluster\r\n", true),
            ("redis_version:7.2.4\r\nserver_name:valkey\r\nserver_mode:standalone\r\n", false),
            ("redis_version:7.0.15\r\n", false),
        ];
        for (section, expected) in cases {
            let reply = Value::BulkString(section.as_bytes().to_vec());
            assert_eq!(is_cluster_node(&reply), expected, "{section}");
        }
    }
}
