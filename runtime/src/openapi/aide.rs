//! Operations that aide describes: the guard, being an argument, says itself who may call.

use std::collections::BTreeMap;

use ::aide::OperationInput;
use ::aide::generate::GenContext;
use ::aide::openapi::{Operation, Response};

use super::addition::Addition;
use super::{DEFAULT_SCHEME, EXTENSION};
use crate::extract::{Authorized, Claims, Public};
use crate::policy::{Policy, PublicAccess};
use crate::router::Access;
use crate::token::AccessToken;

impl<P: Policy> OperationInput for Authorized<P> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        describe(operation, &Access::Protected(P::OPERATION));
    }

    fn inferred_early_responses(
        _: &mut GenContext,
        _: &mut Operation,
    ) -> Vec<(Option<u16>, Response)> {
        let responses = Addition::of(&Access::Protected(P::OPERATION)).responses;
        let typed = responses.into_iter().filter_map(|(status, response)| {
            let response = serde_json::from_value(response).ok()?;
            Some((status.parse().ok(), response))
        });
        typed.collect()
    }
}

impl<P: PublicAccess> OperationInput for Public<P> {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        describe(operation, &Access::Public(P::OPERATION));
    }
}

/// What they take of the request, the guard has said already.
impl OperationInput for AccessToken {}

impl<T> OperationInput for Claims<T> {}

fn describe(operation: &mut Operation, access: &Access) {
    if operation.extensions.contains_key(EXTENSION) {
        // A proof beside the guard: what the guard demands is the whole.
        return;
    }
    let Addition {
        security,
        note,
        extension,
        ..
    } = Addition::of(access);
    let object = |scopes: Vec<&str>| {
        let scopes: Vec<_> = scopes.into_iter().map(str::to_owned).collect();
        BTreeMap::from([(DEFAULT_SCHEME.to_owned(), scopes)])
            .into_iter()
            .collect()
    };
    operation.security = security.into_iter().map(object).collect();
    operation.description = Some(match operation.description.take() {
        Some(written) => format!("{written}\n\n{note}"),
        None => note,
    });
    operation.extensions.insert(EXTENSION.to_owned(), extension);
}
