//! The layer that attaches the session of a browser to its requests.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::http::{Request, Response};
use axum_protected::__browser::SessionToken;
use axum_protected::layer::{PrivateResponses, PrivateResponsesLayer};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::backend::BrowserBackend;
use crate::cookie::{self, CookieValue};
use crate::token_source::RequestSession;

/// Attaches the session of a browser to its requests. [`BrowserBackend::layer`] returns it.
///
/// The session is read when a guard needs it, so that public routes and files cost nothing. Of
/// responses, the layer changes these headers:
///
/// - `Set-Cookie` renews a [`sealed`](crate::BrowserBackendBuilder::sealed) cookie.
/// - `Cache-Control` keeps responses to requests with a session out of shared caches, like
///   [`PrivateResponsesLayer`].
#[derive(Debug, Clone)]
pub struct SessionLayer(BrowserBackend);

/// The service that a [`SessionLayer`] creates around an inner service.
#[derive(Debug, Clone)]
pub struct SessionService<T> {
    inner: PrivateResponses<T>,
    backend: BrowserBackend,
}

impl BrowserBackend {
    /// Returns the layer that attaches sessions to requests. Add it around all routes whose guards
    /// shall accept a session, after the routes.
    #[must_use]
    pub fn layer(&self) -> SessionLayer {
        SessionLayer(self.clone())
    }
}

impl<T> Layer<T> for SessionLayer {
    type Service = SessionService<T>;

    fn layer(&self, inner: T) -> SessionService<T> {
        SessionService { inner: PrivateResponsesLayer.layer(inner), backend: self.0.clone() }
    }
}

impl<T, B, A> Service<Request<B>> for SessionService<T>
where
    T: Service<Request<B>, Response = Response<A>>,
{
    type Response = Response<A>;
    type Error = T::Error;
    type Future = SessionResponse<<PrivateResponses<T> as Service<Request<B>>>::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), T::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let session = attach(&self.backend, &mut request);
        SessionResponse { response: self.inner.call(request), session }
    }
}

/// Attaches the session that the cookie of a request names.
fn attach<B>(backend: &BrowserBackend, request: &mut Request<B>) -> Option<RequestSession> {
    let name = &backend.inner().sessions.cookie().name;
    match cookie::value(request.headers(), name) {
        CookieValue::Absent => None,
        CookieValue::Several => {
            SessionToken::attach_several(request.extensions_mut());
            None
        }
        CookieValue::One(value) => {
            let session = backend.named_session(value);
            SessionToken::attach(request.extensions_mut(), session.clone());
            request.extensions_mut().insert(session.clone());
            Some(session)
        }
    }
}

pin_project! {
    /// The future of a response of a [`SessionService`].
    pub struct SessionResponse<F> {
        #[pin]
        response: F,
        session: Option<RequestSession>,
    }
}

impl<F, A, E> Future for SessionResponse<F>
where
    F: Future<Output = Result<Response<A>, E>>,
{
    type Output = Result<Response<A>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.response.poll(context))?;
        if let Some(session) = this.session {
            session.write_cookie(response.headers_mut());
        }
        Poll::Ready(Ok(response))
    }
}

impl<F> std::fmt::Debug for SessionResponse<F> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SessionResponse").finish_non_exhaustive()
    }
}
