//! Integration with aide. aide calls `operation_input` of each argument of a handler, and the guard
//! is an argument that adds its documentation there.

use ::aide::OperationInput;
use ::aide::generate::GenContext;
use ::aide::openapi::{Operation, Response};

use super::EXTENSION;
use super::access_docs::AccessDocs;
use crate::check::LoadingCheck;
use crate::extract::{Authorized, Checked, Claims, Public};
use crate::identity::AccessToken;
use crate::policy::{self, Policy, PublicAccess, Requirement};
use crate::router::Access;

impl<P: Policy> OperationInput for Authorized<P> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        describe(operation, &Access::Protected(P::OPERATION));
    }

    fn inferred_early_responses(
        _: &mut GenContext,
        _: &mut Operation,
    ) -> Vec<(Option<u16>, Response)> {
        responses(&Access::Protected(P::OPERATION))
    }
}

impl<P: PublicAccess> OperationInput for Public<P> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        describe(operation, &Access::Public(P::OPERATION));
    }
}

/// On a handler without an attribute this extractor itself verifies the token.
impl OperationInput for AccessToken {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        describe(operation, &any_token());
    }

    fn inferred_early_responses(
        _: &mut GenContext,
        _: &mut Operation,
    ) -> Vec<(Option<u16>, Response)> {
        responses(&any_token())
    }
}

impl<T> OperationInput for Claims<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        AccessToken::operation_input(context, operation);
    }

    fn inferred_early_responses(
        context: &mut GenContext,
        operation: &mut Operation,
    ) -> Vec<(Option<u16>, Response)> {
        AccessToken::inferred_early_responses(context, operation)
    }
}

/// The guard describes the check that loads the value.
impl<C: LoadingCheck> OperationInput for Checked<C> {}

fn any_token() -> Access {
    let requirement = Requirement::All(&[]);
    Access::Protected(policy::Operation::new("an extractor", requirement))
}

/// Adds the documentation of the first argument that verifies the token. On a handler with an
/// attribute this argument is the guard, which demands everything that the proofs among the other
/// arguments demand.
fn describe(operation: &mut Operation, access: &Access) {
    if operation.extensions.contains_key(EXTENSION) {
        return;
    }
    let AccessDocs { security, note, extension, .. } = AccessDocs::of(access);
    operation.security =
        security.iter().map(|alternative| alternative.schemes().into_iter().collect()).collect();
    operation.description = Some(match operation.description.take() {
        Some(written) => format!("{written}\n\n{note}"),
        None => note,
    });
    operation.extensions.insert(EXTENSION.to_owned(), extension);
}

fn responses(access: &Access) -> Vec<(Option<u16>, Response)> {
    AccessDocs::of(access)
        .responses
        .into_iter()
        .filter_map(|(status, response)| {
            Some((status.parse().ok(), serde_json::from_value(response).ok()?))
        })
        .collect()
}
