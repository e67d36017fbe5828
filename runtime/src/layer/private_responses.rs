//! The tower layer that keeps responses to requests with a cookie out of shared caches.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::credential::ResponsePrivacy;

/// A tower layer that makes a response private if a guard or an extractor has looked at a credential
/// in a cookie. A shared cache must not store such a response. It knows this only for requests with
/// `Authorization` (RFC 9111 section 3.5).
///
/// [`ProtectedRouter`](crate::ProtectedRouter) applies the layer by itself in
/// [`into_router`](crate::ProtectedRouter::into_router), if a server with a
/// [`token_cookie`](crate::ResourceServerBuilder::token_cookie) was built before. Other routers need it
/// around their routes and layers:
///
/// ```
/// use axum::{Router, routing::get};
/// use axum_protected::layer::PrivateResponsesLayer;
/// use axum_protected::{ResourceServer, protected};
///
/// #[protected(scope = "items:read")]
/// async fn list() {}
///
/// # fn example(server: ResourceServer) {
/// let app: Router = Router::new()
///     .route("/items", get(list))
///     .with_state(server)
///     .layer(PrivateResponsesLayer);
/// # }
/// ```
///
/// | `Cache-Control` of the response | becomes |
/// |---|---|
/// | absent or malformed | `no-store` |
/// | with `no-store` or `private` | unchanged, without `public` and `s-maxage` |
/// | others | `private` and the other directives, without `public` and `s-maxage` |
///
/// The layer does not change headers for one kind of cache, such as `CDN-Cache-Control`. Several
/// layers around one route have the effect of one.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::exhaustive_structs, reason = "a layer without settings")]
pub struct PrivateResponsesLayer;

impl<T> Layer<T> for PrivateResponsesLayer {
    type Service = PrivateResponses<T>;

    fn layer(&self, inner: T) -> PrivateResponses<T> {
        PrivateResponses { inner }
    }
}

/// The service that a [`PrivateResponsesLayer`] creates around an inner service.
#[derive(Debug, Clone)]
pub struct PrivateResponses<T> {
    inner: T,
}

impl<T, B, A> Service<Request<B>> for PrivateResponses<T>
where
    T: Service<Request<B>, Response = Response<A>>,
{
    type Response = Response<A>;
    type Error = T::Error;
    type Future = PrivateResponse<T::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), T::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> PrivateResponse<T::Future> {
        let privacy = ResponsePrivacy::attach(request.extensions_mut());
        PrivateResponse { response: self.inner.call(request), privacy }
    }
}

pin_project! {
    /// The future of a response of [`PrivateResponses`].
    #[derive(Debug)]
    pub struct PrivateResponse<F> {
        #[pin]
        response: F,
        privacy: ResponsePrivacy,
    }
}

impl<F, A, E> Future for PrivateResponse<F>
where
    F: Future<Output = Result<Response<A>, E>>,
{
    type Output = Result<Response<A>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.response.poll(context))?;
        this.privacy.apply(response.headers_mut());
        Poll::Ready(Ok(response))
    }
}
