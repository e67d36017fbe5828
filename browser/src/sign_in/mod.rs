//! The sign-in of a user.

mod return_address;

pub(crate) use self::return_address::ReturnAddress;
