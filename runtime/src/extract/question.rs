//! A policy and the state that its checks see, behind one type: what decides on a request is compiled
//! once, not for each handler.

use std::any::TypeId;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::pin::Pin;
use std::ptr::NonNull;

use http::request::Parts;

use crate::check::{CheckList, CheckRejection};
use crate::policy::Operation;
use crate::server::{HasResourceServer, ResourceServer};

/// What is demanded of a request, and who knows the answers.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(super) server: &'a ResourceServer,
    pub(super) operation: &'static Operation,
    pub(super) policy: TypeId,
    pub(super) state: Place,
    pub(super) checks: &'a dyn Checks,
}

/// The place of a state, and its type: a field may be at the place of the whole.
#[derive(Clone, Copy)]
pub(super) struct Place(Option<(NonZeroUsize, TypeId)>);

impl Place {
    pub(super) fn of<S: 'static>(state: &S) -> Self {
        // What has no size takes up no place: several may be at one.
        let address = (size_of::<S>() > 0).then(|| NonNull::from(state).addr());
        Self(address.map(|address| (address, TypeId::of::<S>())))
    }

    /// Compares two places. A state without a place equals no other.
    pub(super) fn is_same(self, other: Self) -> bool {
        self.0.is_some() && self.0 == other.0
    }
}

pub(super) type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), CheckRejection>> + Send + 'a>>;

/// The checks of a policy, on a state.
pub(super) trait Checks: Sync {
    fn count(&self) -> usize;

    /// Asks the check of this number.
    fn ask<'a>(&'a self, index: usize, parts: &'a mut Parts) -> Answer<'a>;
}

/// The same for all policies of these checks: for all that have none, once.
pub(crate) struct ChecksOn<'a, C, S> {
    state: &'a S,
    checks: PhantomData<fn() -> C>,
}

impl<'a, C, S: HasResourceServer + 'static> ChecksOn<'a, C, S> {
    pub(crate) fn new(state: &'a S) -> Self {
        Self { state, checks: PhantomData }
    }

    /// The question of a policy of these checks.
    pub(crate) fn asked(&'a self, operation: &'static Operation, policy: TypeId) -> Asked<'a>
    where
        C: CheckList<S>,
        S: Sync,
    {
        Asked {
            server: self.state.resource_server(),
            operation,
            policy,
            state: Place::of(self.state),
            checks: self,
        }
    }
}

impl<C: CheckList<S>, S: Sync> Checks for ChecksOn<'_, C, S> {
    fn count(&self) -> usize {
        C::COUNT
    }

    fn ask<'a>(&'a self, index: usize, parts: &'a mut Parts) -> Answer<'a> {
        Box::pin(C::ask(index, parts, self.state))
    }
}
