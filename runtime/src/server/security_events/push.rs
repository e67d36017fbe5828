//! Accepts a security event that a transmitter pushed (RFC 8935).

use std::sync::Arc;

use super::TrustedTransmitter;
use super::receive::EVENT_LIMIT;
use super::refusal_warnings::UNKNOWN_SENDER;
use crate::security_event::{EventError, EventErrorCode, Receipt, Rule, issuer, of_fault};
use crate::server::ResourceServer;
use crate::token::Compact;

impl ResourceServer {
    /// Returns true if the server receives pushed events.
    pub(crate) fn receives_events(&self) -> bool {
        self.inner().security_events.transmitters.values().any(|one| one.is_pushed())
    }

    /// Accepts a pushed event. `authorization` has the values of the header `Authorization`.
    pub(crate) async fn receive_pushed_event(
        &self,
        text: &str,
        authorization: &[Vec<u8>],
    ) -> Result<Receipt, EventError> {
        let transmitter = match self.transmitter_of(text, authorization) {
            Ok(transmitter) => transmitter,
            Err(error) => {
                self.record_refused_event(UNKNOWN_SENDER, &error);
                return Err(error);
            }
        };
        self.receive_event(&transmitter, text).await
    }

    /// Returns the transmitter that the event names, if the request has its authorization. The
    /// signature of the event is not verified yet.
    fn transmitter_of(
        &self,
        text: &str,
        authorization: &[Vec<u8>],
    ) -> Result<Arc<TrustedTransmitter>, EventError> {
        if text.len() > EVENT_LIMIT {
            return Err(Rule::TooLong.into());
        }
        let token = Compact::parse(text).map_err(of_fault)?;
        let transmitters = &self.inner().security_events.transmitters;
        let named = transmitters.get(issuer(&token.claims)?);
        let transmitter = named.filter(|one| one.is_pushed()).ok_or(Rule::IssOther)?;
        let is_authorized = match (&transmitter.authorization, authorization) {
            (None, _) => true,
            (Some(expected), [only]) => expected.is(only),
            (Some(_), _) => false,
        };
        if !is_authorized {
            return Err(EventError::refused(
                EventErrorCode::AuthenticationFailed,
                "the header `Authorization` is not the one that the receiver expects",
            ));
        }
        Ok(Arc::clone(transmitter))
    }
}
