//! Measures the number of bytes that a known token takes in the server.

use http::StatusCode;

use crate::common::{app, request};
use crate::size::Size;
use crate::world::World;

const TOKENS: usize = 1_000;

/// Returns the average number of bytes that a known token takes, and the length of the text of the
/// token.
pub(crate) fn of_a_known_token(smallest: Size) -> (u64, usize) {
    let world = World::new(smallest);
    let authorizations: Vec<_> = (0..TOKENS).map(|number| world.authorization(number)).collect();
    let length = authorizations.first().map_or(0, |one| one.len() - "Bearer ".len());
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_time().build().unwrap();
    let kept = allocation_counter::measure(|| {
        let requests = authorizations.iter().map(|one| request::build(app::PROTECTED, Some(one)));
        let sent = request::send(&world.router, requests.collect(), StatusCode::OK);
        runtime.block_on(sent);
    });
    let kept = u64::try_from(kept.bytes_current).unwrap();
    (kept / u64::try_from(TOKENS).unwrap(), length)
}
