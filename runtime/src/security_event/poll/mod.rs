//! Delivery of security events by polling (RFC 8936), as far as it needs no network and no clock.
//!
//! `request` writes the body of a request, `answer` reads the body of the response, `replies` has what
//! the next request says about received events, and `pace` decides when the next request is due.

mod answer;
mod pace;
mod replies;
mod request;

pub(crate) use self::answer::PollAnswer;
pub(crate) use self::pace::{LONG_POLL, Outcome, PollPace};
pub(crate) use self::replies::{Replies, SetError};
pub(crate) use self::request::{body, headers};
