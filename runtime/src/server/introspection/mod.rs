//! Asks an issuer about tokens, once for all requests with the same token.
//!
//! `call` asks, `acceptance` judges the answer, and `question` runs both in a task of its own. Tokens
//! that are active are in the cache of verified tokens, in which they cost what a verified JWT costs.
//! All others are in a cache of their own.

mod acceptance;
mod call;
mod endpoint;
mod question;
mod renewal;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

pub(super) use self::acceptance::VerifiedJwt;
pub(super) use self::endpoint::Endpoint;
pub(super) use self::renewal::Renewal;

use crate::error::TokenError;
use crate::flights::{Flights, Refusals};
use crate::identity::AccessToken;
use crate::introspection::{ClientCredentials, Mode};
use crate::keys::{Client, KeySet};

/// The number of questions that run at the same time, for tokens that were active before, and for
/// other tokens.
const CONCURRENT: usize = 32;

/// The number of questions per second about tokens that turn out not to be active.
const UNKNOWN_RATE: u32 = 50;

/// The longest time for which the answer that a token is not active is used.
const REFUSAL_PERIOD: Duration = Duration::from_secs(10);

/// The SHA-256 digest of a whole token.
type TokenDigest = [u8; 32];

/// The result of a question.
type Verdict = Result<AcceptedToken, TokenError>;

/// A token that the issuer says is active, and that satisfies all rules of the server.
#[derive(Clone)]
pub(super) struct AcceptedToken {
    pub(super) token: AccessToken,
    /// The key set that verified the signature, if the token is a JWT.
    pub(super) set: Option<Weak<KeySet>>,
}

/// Asks one issuer about its tokens.
pub(super) struct Introspector {
    settings: Settings,
    client: Client,
    flights: Mutex<Flights<TokenDigest, Verdict>>,
    /// The permits of questions about tokens that were active before, and about other tokens.
    permits: [Semaphore; 2],
    refusals: Refusals<TokenDigest, TokenError>,
}

/// The checked settings.
pub(super) struct Settings {
    pub(super) mode: Mode,
    pub(super) endpoint: Endpoint,
    pub(super) credentials: ClientCredentials,
    /// The longest time for which the answer that a token is active is used.
    pub(super) period: Duration,
    /// True if an answer need not have an audience.
    pub(super) is_for_client: bool,
    /// The identifier of the server as a client, if answers must be JWTs.
    pub(super) jwt_audience: Option<String>,
}

impl Introspector {
    pub(super) fn new(settings: Settings, client: Client) -> Self {
        Self {
            settings,
            client,
            flights: Mutex::new(Flights::new(UNKNOWN_RATE)),
            permits: [Semaphore::new(CONCURRENT), Semaphore::new(CONCURRENT)],
            refusals: Refusals::new(),
        }
    }

    pub(super) fn mode(&self) -> Mode {
        self.settings.mode
    }

    /// Starts to find the endpoint, if it is not configured.
    pub(super) fn find_endpoint(&self, issuer: &str) {
        self.settings.endpoint.find(issuer);
    }

    /// Returns true if the server needs keys of the issuer, to verify tokens or answers.
    #[cfg(feature = "__browser")]
    pub(super) fn needs_keys(&self) -> bool {
        self.mode() != Mode::Only || self.settings.jwt_audience.is_some()
    }

    /// Returns the error of the last question, or the reason why the endpoint is not known. `None` if
    /// the last question was answered.
    pub(super) fn last_error(&self) -> Option<String> {
        let asked = self.flights().last_error().map(str::to_owned);
        asked.or_else(|| self.settings.endpoint.last_error())
    }

    /// Returns true if the server knows the endpoint.
    pub(super) fn is_ready(&self) -> bool {
        self.settings.endpoint.is_known()
    }

    /// Waits until the server knows the endpoint.
    pub(super) async fn warm(&self) -> Result<(), String> {
        self.settings.endpoint.url().await.map(drop)
    }

    /// Returns the recent error of a token, without waiting.
    pub(super) fn recall_refusal(&self, text: &str) -> Option<TokenError> {
        self.refusals.recall(&digest(text))
    }

    fn flights(&self) -> MutexGuard<'_, Flights<TokenDigest, Verdict>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn digest(text: &str) -> TokenDigest {
    Sha256::digest(text).into()
}

impl fmt::Debug for Introspector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Introspector").field("mode", &self.mode()).finish_non_exhaustive()
    }
}
