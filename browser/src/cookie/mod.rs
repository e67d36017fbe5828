//! The cookies of a backend: the values in requests, and the lines that set and remove a cookie.

mod request;
mod set_cookie;

pub(crate) use self::request::{CookieValue, named, value, values};
pub(crate) use self::set_cookie::{Cookie, HOST_PREFIX, VALUE_LIMIT};
