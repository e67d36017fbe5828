//! The reasons why a sign-in fails.

use std::borrow::Cow;

use axum::http::StatusCode;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $status:ident, $code:literal, $sentence:literal;)*) => {
        /// The kind of a failure, which the user sees.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum SignInErrorKind {
            $($(#[$doc])* $kind,)*
        }

        impl SignInErrorKind {
            pub(crate) fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status,)* }
            }

            /// Returns the stable name for logs.
            pub(crate) fn code(self) -> &'static str {
                match self { $(Self::$kind => $code,)* }
            }

            /// Returns a sentence for the user.
            pub(crate) fn sentence(self) -> &'static str {
                match self { $(Self::$kind => $sentence,)* }
            }
        }
    };
}

kinds! {
    /// The request is not a top-level navigation: a frame, an image or a script caused it.
    NotNavigation = FORBIDDEN, "not_a_navigation",
        "This page works only as a page of its own.";
    /// The parameters of the authorization response cannot be read.
    MalformedResponse = BAD_REQUEST, "malformed_response",
        "The address of this page is not complete.";
    /// The browser has no sign-in with this `state`, or it took too long.
    NoSignIn = BAD_REQUEST, "no_sign_in",
        "The sign-in took too long, or it began in another browser.";
    /// The response is of another issuer (RFC 9207 section 2.4).
    OtherIssuer = BAD_REQUEST, "other_issuer",
        "The answer did not come from the expected sign-in service.";
    /// The user or the provider has denied the access.
    AccessDenied = FORBIDDEN, "access_denied",
        "The sign-in was denied.";
    /// The provider reports another error in the authorization response.
    ProviderError = BAD_REQUEST, "provider_error",
        "The sign-in service could not sign you in.";
    /// The provider does not accept the code.
    CodeRefused = BAD_REQUEST, "code_refused",
        "The sign-in took too long, or this page was loaded twice.";
    /// The ID token is not valid, or is missing.
    InvalidIdToken = BAD_GATEWAY, "invalid_id_token",
        "The answer of the sign-in service could not be used.";
    /// This server does not accept the access token of the sign-in.
    AccessTokenRefused = BAD_GATEWAY, "access_token_refused",
        "The answer of the sign-in service could not be used.";
    /// The provider does not answer, or its answer cannot be used now.
    Unavailable = SERVICE_UNAVAILABLE, "unavailable",
        "The sign-in service cannot be reached.";
    /// The session could not be stored.
    NoSession = SERVICE_UNAVAILABLE, "no_session",
        "The sign-in could not be stored.";
}

/// The reason why a sign-in failed. The text is for logs. It contains no token, code, state or
/// cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignInError {
    pub(crate) kind: SignInErrorKind,
    pub(crate) text: Cow<'static, str>,
}

impl SignInErrorKind {
    pub(crate) fn because(self, text: impl Into<Cow<'static, str>>) -> SignInError {
        SignInError { kind: self, text: text.into() }
    }
}
