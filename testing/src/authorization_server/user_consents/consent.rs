//! The consent of a user, until the client redeems its code.

use super::presented::{CodeNames, PresentedCode, SignedInUser};
use crate::authorization_server::authorization_request::AuthorizationRequest;
use crate::authorization_server::grant::{Grant, SignIn};
use crate::authorization_server::pkce::CodeChallenge;
use crate::authorization_server::possession::Confirmation;

#[derive(Debug)]
pub(super) struct Code {
    /// The consent of the user, or `None` after a client has presented the code for the first time.
    pub(super) consent: Option<Consent>,
    pub(super) family: String,
}

#[derive(Debug)]
pub(super) struct Consent {
    pub(super) grant: Grant,
    redirect_uri: String,
    code_challenge: CodeChallenge,
    dpop_jkt: Option<String>,
}

impl Code {
    pub(super) fn new(
        request: AuthorizationRequest,
        user: SignedInUser,
        names: &CodeNames,
    ) -> Self {
        let requested = request.requested;
        let consent = Consent {
            grant: Grant {
                client_id: request.client_id,
                subject: user.subject,
                access: requested.access,
                confirmation: Confirmation::default(),
                sign_in: Some(SignIn {
                    auth_time: user.auth_time,
                    acr: requested.acr,
                    nonce: requested.nonce,
                    session: names.session.clone(),
                }),
            },
            redirect_uri: request.redirect_target.redirect_uri.text,
            code_challenge: requested.code_challenge,
            dpop_jkt: requested.dpop_jkt,
        };
        Self { consent: Some(consent), family: names.family.clone() }
    }
}

impl Consent {
    /// Returns true if the client, the redirect URI, the code verifier and the key of the token
    /// request match the consent (RFC 6749 section 4.1.3, RFC 7636 section 4.6 and RFC 9449 section
    /// 10).
    pub(super) fn is_for(&self, presented: &PresentedCode<'_>) -> bool {
        self.grant.client_id == presented.client_id
            && self.redirect_uri == presented.redirect_uri
            && self.code_challenge.matches(presented.code_verifier)
            && (self.dpop_jkt.is_none() || self.dpop_jkt.as_deref() == presented.jkt)
    }
}
