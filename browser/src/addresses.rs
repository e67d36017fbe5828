//! The addresses of an application and of the routes of its backend.

use url::Url;

use crate::sign_in::ReturnAddress;

/// The addresses of an application.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    /// The origin of the application, with the path `/`.
    pub(crate) public_url: Url,
    pub(crate) redirect_uri: Url,
    pub(crate) after_logout: ReturnAddress,
    pub(crate) paths: Paths,
}

/// The paths of the routes of a backend.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    pub(crate) login: String,
    pub(crate) callback: String,
    pub(crate) session: String,
    pub(crate) logout: String,
    pub(crate) provider_logout: String,
    pub(crate) backchannel_logout: String,
}
