//! Asks Sentinel for the address of a primary.

use std::time::Duration;

use redis::{Pipeline, ServerError, Value};

use crate::address::Address;
use crate::connection::{Access, Connection};
use crate::failure::Failure;
use crate::replies::text;

/// Asks a sentinel for the address of a primary.
pub(crate) async fn ask_sentinel(
    sentinel: &Address,
    access: &Access,
    primary: &str,
) -> Result<Address, Failure> {
    let connection = Connection::open(sentinel, access).await?;
    let mut pipeline = Pipeline::new();
    pipeline.cmd("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(primary);
    let replies = connection.ask(&pipeline, Duration::ZERO).await?;
    address_of_primary(&replies, primary).map_err(|failure| connection.explain(failure))
}

fn address_of_primary(replies: &[Value], primary: &str) -> Result<Address, Failure> {
    match replies {
        [Value::ServerError(error)] if is_unknown_command(error) => {
            Err(Failure::new("is not a sentinel: with `sentinel`, the URLs are those of sentinels"))
        }
        [Value::ServerError(error)] => Err(Failure::answered(error)),
        [Value::Nil] => Err(Failure::new(format!(
            "is a sentinel that does not know the primary `{primary}`: `sentinel` must be the name \
             in `sentinel monitor`"
        ))),
        [Value::Array(parts)] => match parts.as_slice() {
            [host, port] => text(host)
                .zip(text(port).and_then(|port| port.parse().ok()))
                .map(|(host, port)| Address::new(host, port)),
            _ => None,
        }
        .ok_or_else(|| Failure::unexpected("SENTINEL GET-MASTER-ADDR-BY-NAME")),
        _ => Err(Failure::unexpected("SENTINEL GET-MASTER-ADDR-BY-NAME")),
    }
}

/// Returns true for the answer of a server with data.
fn is_unknown_command(error: &ServerError) -> bool {
    error.details().is_some_and(|details| details.starts_with("unknown command"))
}
