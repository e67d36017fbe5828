//! The axum extractors: the guard that the attributes add, the verified token, the claims of the
//! token, and the values that checks loaded.

mod access_token;
mod admission;
mod authorized;
pub(crate) mod checked;
mod claims;
mod claims_deserializer;
mod decision_record;
mod denial;
mod erased_policy;
pub(crate) mod guard;
pub(crate) mod guarded_request;
mod loaded_values;
pub(crate) mod named_policy;
mod proof_memory;
mod public;
mod request_proof;
mod request_token;
mod service_guard;
mod undemanded_details;

pub use self::authorized::Authorized;
pub use self::checked::Checked;
pub use self::claims::Claims;
pub use self::public::Public;

pub(crate) use self::service_guard::admit_to_service;
