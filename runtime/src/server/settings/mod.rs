//! The configuration of a server and of its issuers: plain data that is set in code, deserialized
//! from a file or read from environment variables. The module `validation` checks this data.

mod builder;
mod builder_api_keys;
mod builder_certificates;
mod builder_cookie;
mod builder_details;
mod builder_dpop;
mod builder_http;
mod builder_location;
mod builder_profiles;
mod builder_revocation;
#[cfg(feature = "security_events")]
mod builder_security_events;
mod builder_token_location;
mod callbacks;
mod claim_paths;
mod client_certificate_header;
mod environment_report;
mod from_env;
mod header_source;
mod http_settings;
mod issuer;
mod issuer_claims;
mod issuer_http;
mod issuer_keys;
mod issuer_role;
#[cfg(feature = "security_events")]
mod issuer_security_events;
mod key_setting;
mod kind_claim;
mod misspelling;
mod shared_secret;
mod whole_seconds;

pub(in crate::server) use self::claim_paths::ClaimPaths;

pub use self::builder::ResourceServerBuilder;
pub use self::client_certificate_header::ClientCertificateHeader;
pub(super) use self::header_source::HeaderSource;
pub(super) use self::http_settings::HttpSettings;
pub use self::issuer::Issuer;
pub(super) use self::issuer_role::IssuerRole;
pub(super) use self::key_setting::KeySetting;
pub(super) use self::shared_secret::SharedSecret;
