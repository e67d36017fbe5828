//! Erases the types of a policy and of the state for its checks, so that the decision on a request
//! is compiled once instead of once for each handler.

use std::any::TypeId;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::ptr::NonNull;

use http::request::Parts;

use crate::check::{CheckList, CheckRejection};
use crate::policy::Operation;
use crate::server::{HasResourceServer, ResourceServer};

/// The policy that applies to a request, together with the server and the checks that are needed to
/// decide on the request.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(super) server: &'a ResourceServer,
    pub(super) operation: &'static Operation,
    pub(super) policy: TypeId,
    pub(super) state: StateAddress,
    pub(super) checks: &'a dyn Checks,
}

/// The address and the type of an application state. The address alone does not identify a state,
/// because the first field of a struct has the same address as the struct.
#[derive(Clone, Copy)]
pub(super) struct StateAddress(Option<(NonZeroUsize, TypeId)>);

impl StateAddress {
    pub(super) fn of<S: 'static>(state: &S) -> Self {
        // A zero-sized state gets no address, because several zero-sized values may have the same
        // address.
        let address = (size_of::<S>() > 0).then(|| NonNull::from(state).addr());
        Self(address.map(|address| (address, TypeId::of::<S>())))
    }

    /// Returns true if both addresses belong to the same state. Returns false for a zero-sized
    /// state.
    pub(super) fn is_same(self, other: Self) -> bool {
        self.0.is_some() && self.0 == other.0
    }
}

pub(super) type CheckFuture<'a> =
    Pin<Box<dyn Future<Output = Result<(), CheckRejection>> + Send + 'a>>;

/// The checks of a policy, together with the state that they run with.
pub(super) trait Checks: Sync {
    fn count(&self) -> usize;

    /// Returns the name of the check at `index`.
    fn name(&self, index: usize) -> &'static str;

    /// Runs the check at `index`.
    fn run<'a>(&'a self, index: usize, parts: &'a mut Parts) -> CheckFuture<'a>;
}

/// The checks `C` together with the state that they run with. All policies with the same checks
/// share this type, for example all policies without checks.
pub(crate) struct ChecksOn<'a, C, S> {
    state: &'a S,
    checks: PhantomData<fn() -> C>,
}

impl<'a, C, S: HasResourceServer + 'static> ChecksOn<'a, C, S> {
    pub(crate) fn new(state: &'a S) -> Self {
        Self { state, checks: PhantomData }
    }

    /// Returns the `Question` for a policy that has these checks.
    pub(crate) fn question(&'a self, operation: &'static Operation, policy: TypeId) -> Question<'a>
    where
        C: CheckList<S>,
        S: Sync,
    {
        Question {
            server: self.state.resource_server(),
            operation,
            policy,
            state: StateAddress::of(self.state),
            checks: self,
        }
    }
}

impl<C: CheckList<S>, S: Sync> Checks for ChecksOn<'_, C, S> {
    fn count(&self) -> usize {
        C::COUNT
    }

    fn name(&self, index: usize) -> &'static str {
        C::NAMES.get(index).copied().unwrap_or_default()
    }

    fn run<'a>(&'a self, index: usize, parts: &'a mut Parts) -> CheckFuture<'a> {
        Box::pin(C::ask(index, parts, self.state))
    }
}
