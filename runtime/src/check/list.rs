//! The list of the checks of a policy.

use std::future::Future;

use http::request::Parts;

use super::{Check, CheckRejection};

/// The list of a policy's checks. A check is identified by its index in the list.
pub trait CheckList<S> {
    /// The number of checks in the list.
    const COUNT: usize;

    /// The names of the checks.
    const NAMES: &'static [&'static str];

    /// Runs the check at `index`. Returns `CheckRejection::Denied` if `index` is out of range.
    fn ask(
        index: usize,
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Result<(), CheckRejection>> + Send;
}

macro_rules! check_lists {
    ($($count:literal ($($check:ident $index:literal),*))*) => {$(
        impl<S, $($check),*> CheckList<S> for ($($check,)*)
        where
            S: Send + Sync,
            $($check: Check<S>,)*
        {
            const COUNT: usize = $count;

            const NAMES: &'static [&'static str] = &[$($check::NAME),*];

            #[allow(unused_variables, reason = "the empty list does not use them")]
            async fn ask(index: usize, parts: &mut Parts, state: &S) -> Result<(), CheckRejection> {
                match index {
                    $($index => $check::check(parts, state).await,)*
                    _ => Err(CheckRejection::Denied),
                }
            }
        }
    )*};
}

check_lists! {
    0 ()
    1 (A 0)
    2 (A 0, B 1)
    3 (A 0, B 1, C 2)
    4 (A 0, B 1, C 2, D 3)
    5 (A 0, B 1, C 2, D 3, E 4)
    6 (A 0, B 1, C 2, D 3, E 4, F 5)
    7 (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    8 (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}
