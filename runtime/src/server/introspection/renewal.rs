//! Asks again about the token of a stream or websocket, at the end of each cache period.

use std::future::pending;
use std::time::Duration;

use tokio::time::Instant;

use super::{Introspector, Verdict, VerifiedJwt};
use crate::error::{Fault, TokenError};
use crate::flights::{FlightResult, later};
use crate::identity::AccessToken;
use crate::introspection::Mode;
use crate::server::ResourceServer;
use crate::server::trusted_issuer::TrustedIssuer;
use crate::server::verification::candidate::parse;
use crate::server::verification::signature_check::check_signature;
use crate::token::ClaimPositions;

/// The shortest time between two questions on behalf of one stream, for a server that asks on every
/// request.
const LEAST_PERIOD: Duration = Duration::from_secs(5);

/// The state of one stream whose token the issuer is asked about.
#[derive(Default)]
pub(in crate::server) struct Renewal {
    /// The end of the period of the last answer. `None` before the first question of the stream.
    until: Option<Instant>,
    running: Option<FlightResult<Verdict>>,
}

impl Renewal {
    /// Returns a future that completes when the question that runs has ended.
    pub(in crate::server) fn ended(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let running = self.running.clone();
        async move {
            match running {
                Some(mut running) => drop(running.wait_for(Option::is_some).await),
                None => pending().await,
            }
        }
    }
}

impl ResourceServer {
    /// Asks again about the token of a stream if a question is due. Returns the time until the next
    /// question, or `None` if a question runs or the server asks no question about this token.
    pub(in crate::server) fn renew(
        &self,
        token: &AccessToken,
        renewal: &mut Renewal,
    ) -> Result<Option<Duration>, TokenError> {
        let issuer = self.inner().issuers.get(token.issuer());
        let Some((issuer, jwt)) = issuer.zip(token.jwt()) else { return Ok(None) };
        let Some((introspector, answered)) = issuer.introspection.as_ref().zip(jwt.answered())
        else {
            return Ok(None);
        };
        let now = Instant::now();
        if let Some(running) = &renewal.running {
            // Before the verdict is read: the task records its verdict, and closes the channel then.
            let is_closed = running.has_changed().is_err();
            let verdict = running.borrow().clone();
            match verdict {
                None if is_closed => {
                    return Err(issuer.refuse_unanswered("the question was interrupted"));
                }
                None => return Ok(None),
                Some(verdict) => renewal.until = Some(confirmed(issuer, token, verdict)?),
            }
            renewal.running = None;
        }
        // A server with other rules has given the answer with which the token was accepted.
        let first = if jwt.is_by(&issuer.rules) { answered.until } else { now };
        let until = renewal.until.unwrap_or(first);
        if until <= now {
            let jwt = self.jwt_to_ask_about(introspector, issuer, &answered.text)?;
            renewal.running = Some(self.asker(issuer).join_or_start(&answered.text, jwt, true)?);
        }
        let running = renewal.running.as_ref();
        Ok(running.is_none().then(|| until.saturating_duration_since(now)))
    }

    /// Returns the JWT about which the server asks, after it has verified the signature with a key
    /// that it holds. Returns `None` if it asks about the text alone.
    fn jwt_to_ask_about(
        &self,
        introspector: &Introspector,
        issuer: &TrustedIssuer,
        text: &str,
    ) -> Result<Option<VerifiedJwt>, TokenError> {
        if introspector.mode() != Mode::Always {
            return Ok(None);
        }
        let token = parse(text)?;
        let (_, header) = self.identify(&token, &ClaimPositions::of(&token.claims))?;
        let set = issuer
            .keys
            .held_or_error()
            .map_err(|unavailable| issuer.refuse_without_keys(unavailable))?;
        let key = check_signature(&set, &header, &token).map_err(|kind| issuer.refuse_key(kind))?;
        let signed_by = key.signed(&header);
        Ok(Some(VerifiedJwt { claims: token.claims, set, signed_by }))
    }
}

/// Returns the time of the next question. Returns an error if the issuer no longer says what the
/// stream was opened with.
fn confirmed(
    issuer: &TrustedIssuer,
    token: &AccessToken,
    verdict: Verdict,
) -> Result<Instant, TokenError> {
    let current = verdict?;
    let pair = token.jwt().zip(current.token.jwt());
    match pair {
        Some((before, now)) if before.has_same_claims(now) => {
            let least = later(LEAST_PERIOD);
            let until = now.answered().map_or(least, |answered| answered.until);
            Ok(if until <= Instant::now() { least } else { until })
        }
        _ => Err(issuer.refuse(Fault::AnswerChanged)),
    }
}
