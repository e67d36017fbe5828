//! The sign-in of a user: the authorization code flow with PKCE (RFC 7636), `state`, `nonce` and `iss`
//! (RFC 9207).

mod authorization_response;
mod error;
mod login_cookie;
mod pending;
mod return_address;
mod used_states;

pub(crate) use self::authorization_response::{AuthorizationResponse, Outcome, provider_error};
pub(crate) use self::error::{SignInError, SignInErrorKind};
pub(crate) use self::login_cookie::{LoginCookie, LoginCookieError, oldest_removals};
pub(crate) use self::pending::PendingSignIn;
pub(crate) use self::return_address::ReturnAddress;
pub(crate) use self::used_states::UsedStates;
