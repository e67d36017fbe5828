//! The sessions of a backend, in the place that is configured: a store of the server, or the cookies
//! of the browsers.

mod endings;
mod sealed_session;
mod stored_time;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::http::HeaderValue;
use tokio::time::timeout;

use self::endings::{Ended, Endings};
pub(crate) use self::sealed_session::SealedSession;
use crate::cookie::Cookie;
use crate::seal::Seal;
use crate::session::{SessionId, SessionKey, SessionRecord};
use crate::store::{SessionStore, StoreError};
