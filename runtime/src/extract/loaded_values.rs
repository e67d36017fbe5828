//! The values that the checks of one call of a handler loaded.
//!
//! The checks add values only while the guard of the handler decides. Afterwards the arguments of
//! the handler move the values out, each at most once. The attribute counts these arguments, and
//! after the last one the values are gone.

use std::any::{Any, TypeId};
use std::sync::{Mutex, PoisonError};

/// A value whose type is known from the check that loaded it.
pub(super) type LoadedValue = Box<dyn Any + Send>;

/// The check that loaded a value.
#[derive(Clone, Copy)]
pub(super) struct ValueSource {
    /// The type of the check, which does not contain the values of its constants.
    pub(super) check: TypeId,
    pub(super) has_constants: bool,
}

pub(super) struct LoadedValues {
    /// The number of arguments of the handler that have not taken a value yet.
    remaining: usize,
    /// True until the guard has decided.
    is_deciding: bool,
    /// The values by the type of their check. Extensions of a request must be `Sync`, and a loaded
    /// value need not be. The `Mutex` is never locked.
    values: Mutex<Vec<(TypeId, Result<LoadedValue, NoValue>)>>,
}

impl LoadedValues {
    /// Creates an empty list for a guard that is about to decide. `arguments` is the number of
    /// arguments of the handler that take a value.
    pub(super) fn new(arguments: usize) -> Self {
        Self { remaining: arguments, is_deciding: true, values: Mutex::default() }
    }

    /// Returns true if an argument of the handler may still take a value.
    pub(super) fn is_needed(&self) -> bool {
        self.remaining > 0
    }

    /// Adds the value of a check. If two policies of the handler ran the check for the same request,
    /// the first value counts. With constants the values may differ, and none counts.
    pub(super) fn add(&mut self, source: ValueSource, value: LoadedValue) {
        if !self.is_deciding || !self.is_needed() {
            return;
        }
        let values = self.values.get_mut().unwrap_or_else(PoisonError::into_inner);
        match values.iter_mut().find(|(check, _)| *check == source.check) {
            None => values.push((source.check, Ok(value))),
            Some((_, first)) if source.has_constants => *first = Err(NoValue::SeveralRuns),
            Some(_) => {}
        }
    }

    /// Ends the time in which checks may add values.
    pub(super) fn seal(&mut self) {
        self.is_deciding = false;
    }

    /// Moves out the value for one argument of the handler. Returns `Ok(None)` if the guard allowed
    /// the request without a value of this check. Returns `Err` if the guard has not decided yet, if
    /// the value has been moved out, if the handler has no further argument that takes a value, and
    /// if the value is not unique.
    pub(super) fn take(&mut self, check: TypeId) -> Result<Option<LoadedValue>, NoValue> {
        let remaining = self.remaining.checked_sub(1).filter(|_| !self.is_deciding);
        self.remaining = remaining.ok_or(NoValue::NoArgument)?;
        let values = self.values.get_mut().unwrap_or_else(PoisonError::into_inner);
        match values.iter_mut().find(|(other, _)| *other == check) {
            Some((_, value)) => std::mem::replace(value, Err(NoValue::NoArgument)).map(Some),
            None => Ok(None),
        }
    }
}

/// The reason why there is no value for an argument of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoValue {
    /// The extraction does not belong to an argument that the attribute counted, or the value has been
    /// taken.
    NoArgument,
    /// The guard judged a request that differs from the current one.
    RequestChanged,
    /// The guard allowed the request without the check.
    NotRun,
    /// The guard ran a check with constants several times, perhaps with different constants.
    SeveralRuns,
}

impl NoValue {
    /// Describes the reason for the log.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::NoArgument => {
                "the attribute `#[protected]` of the handler does not see this argument, or the value has been taken: name the check in the attribute, and write `Checked<...>` once in the argument list, under this name"
            }
            Self::RequestChanged => {
                "an extractor changed the method, the URI, the version or a header after the guard: take the value before that extractor"
            }
            Self::NotRun => {
                "the guard allowed the request without the check: name the check in the attribute by the path of the argument"
            }
            Self::SeveralRuns => {
                "the guard ran the check several times, and its constants may differ: name the check once in the attribute and its policies"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct First;
    struct Second;
    struct Third;

    fn add(values: &mut LoadedValues, check: TypeId, value: u8) {
        values.add(ValueSource { check, has_constants: false }, Box::new(value));
    }

    fn take(values: &mut LoadedValues, check: TypeId) -> Result<Option<u8>, NoValue> {
        let value = values.take(check)?;
        Ok(value.map(|value| *value.downcast().unwrap()))
    }

    #[test]
    fn each_argument_takes_the_value_of_its_check_once() {
        let (first, second) = (TypeId::of::<First>(), TypeId::of::<Second>());
        let third = TypeId::of::<Third>();
        let mut values = LoadedValues::new(3);
        add(&mut values, first, 1);
        add(&mut values, second, 2);
        add(&mut values, first, 3);
        assert_eq!(take(&mut values, first), Err(NoValue::NoArgument), "the guard has not decided");
        values.seal();
        add(&mut values, second, 4);
        assert_eq!(take(&mut values, second), Ok(Some(2)));
        assert_eq!(take(&mut values, second), Err(NoValue::NoArgument), "the value has been taken");
        assert_eq!(take(&mut values, first), Ok(Some(1)));
        assert_eq!(take(&mut values, third), Err(NoValue::NoArgument), "no argument is left");
    }

    #[test]
    fn values_of_different_constants_are_not_mixed_up() {
        let check = TypeId::of::<First>();
        let mut values = LoadedValues::new(2);
        for value in [1, 2, 3] {
            values.add(ValueSource { check, has_constants: true }, Box::new(value));
        }
        values.seal();
        assert_eq!(take(&mut values, check), Err(NoValue::SeveralRuns));
    }

    #[test]
    fn an_argument_learns_that_its_check_has_not_run() {
        let mut values = LoadedValues::new(1);
        values.seal();
        assert_eq!(take(&mut values, TypeId::of::<First>()), Ok(None));
        assert_eq!(take(&mut values, TypeId::of::<First>()), Err(NoValue::NoArgument));
    }

    #[test]
    fn a_handler_without_such_an_argument_holds_no_value() {
        let check = TypeId::of::<First>();
        let mut values = LoadedValues::new(0);
        add(&mut values, check, 1);
        values.seal();
        assert_eq!(take(&mut values, check), Err(NoValue::NoArgument));
        assert!(values.values.get_mut().unwrap().is_empty());
    }
}
