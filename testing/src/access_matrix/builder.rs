//! The settings of an access matrix, and its start.

use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use serde_json::Value;

use super::case::Case;
use super::error::AccessMatrixError;
use super::plan::plan;
use super::possession::Possession;
use super::report::AccessMatrix;
use super::route_probe::RouteProbe;
use super::run::Run;
use super::settings::{Settings, add_header};
use super::tokens::Tokens;
use crate::AuthorizationServer;
use axum_protected::router::AccessTable;

/// An access matrix that has not been sent. `.await` sends it.
///
/// ```
/// use axum_protected::{AccessToken, ProtectedRouter, check, protected, routing::get};
/// use axum_protected_testing::{AuthorizationServer, Case};
///
/// #[check]
/// async fn is_owner(caller: AccessToken) -> bool {
///     caller.subject() == Some("alice")
/// }
///
/// #[protected(scope = "orders:read", check = is_owner)]
/// async fn show() {}
///
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// let issuer = AuthorizationServer::start().await?;
/// let routes = ProtectedRouter::new().route("/orders/{id}", get(show));
/// let table = routes.access_table().clone();
/// let app = routes.with_state(issuer.resource_server().build()?).into_router()?;
///
/// let tried = issuer
///     .access_matrix(&app, &table)
///     .path_value("id", "7")
///     .case("GET /orders/{id}", Case::granted().subject("alice"))
///     .case("GET /orders/{id}", Case::denied().subject("bob"))
///     .await?;
/// assert_eq!(tried.untried().count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A setting that cannot be used is an error of `.await`, together with all others, and no request
/// is then sent.
#[must_use = "no request is sent before `.await`"]
pub struct AccessMatrixBuilder<'a> {
    issuer: &'a AuthorizationServer,
    app: &'a Router,
    table: &'a AccessTable,
    audience: Option<String>,
    issuer_name: Option<String>,
    partners: Vec<(String, &'a AuthorizationServer)>,
    settings: Settings,
}

impl<'a> AccessMatrixBuilder<'a> {
    pub(super) fn new(
        issuer: &'a AuthorizationServer,
        app: &'a Router,
        table: &'a AccessTable,
    ) -> Self {
        Self {
            issuer,
            app,
            table,
            audience: None,
            issuer_name: None,
            partners: Vec::new(),
            settings: Settings::default(),
        }
    }

    /// Sets the claim `sub` of all tokens, instead of `access-matrix`.
    pub fn subject(self, subject: &str) -> Self {
        self.claim("sub", subject)
    }

    /// Adds a claim to all tokens, for example one that a check or a handler reads. Members of an
    /// object are added to the members that the object has.
    ///
    /// A claim that changes the decision of a policy is an error, because the access matrix could
    /// then not leave out what the policy demands.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings.problems.extend(self.settings.claims.choose(name, value.into()).err());
        self
    }

    /// Adds the claims of a JSON object to all tokens, like [`claim`](Self::claim).
    pub fn claims(mut self, claims: Value) -> Self {
        self.settings.problems.extend(self.settings.claims.choose_all(claims));
        self
    }

    /// Sets the audience of all tokens, instead of the [`audience`](AuthorizationServer::audience)
    /// of the issuer.
    pub fn audience(mut self, audience: &str) -> Self {
        self.audience = Some(audience.to_owned());
        self
    }

    /// Sets the name that the application has for the issuer, so that routes with `issuer = "acme"`
    /// are tried. It is not needed if the settings of the issuer have the name (`trusted_as(|issuer|
    /// issuer.name("acme"))`).
    pub fn issuer_name(mut self, name: &str) -> Self {
        self.issuer_name = Some(name.to_owned());
        self
    }

    /// Adds another issuer that the application trusts, with the name that policies use. Every route
    /// is also tried with tokens of this issuer.
    pub fn partner(mut self, name: &str, issuer: &'a AuthorizationServer) -> Self {
        self.partners.push((name.to_owned(), issuer));
        self
    }

    /// Sets the value of every path parameter with this name, unencoded, instead of `1`.
    pub fn path_value(mut self, parameter: &str, value: &str) -> Self {
        self.settings.path_values.insert(parameter.to_owned(), value.to_owned());
        self
    }

    /// Adds a header to all requests.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.settings.problems.extend(add_header(&mut self.settings.headers, name, value).err());
        self
    }

    /// Sets the scheme before the token, instead of `Bearer`.
    pub fn token_scheme(mut self, scheme: &str) -> Self {
        self.settings.place.set_scheme(scheme);
        self
    }

    /// Sets the header that contains the token, instead of `Authorization`. The header contains only
    /// the token, unless [`token_scheme`](Self::token_scheme) is called afterwards.
    pub fn token_header(mut self, name: &str) -> Self {
        self.settings.problems.extend(self.settings.place.set_header(name).err());
        self
    }

    /// Also sends the token in the cookie with this name, for an application whose server has a
    /// [`token_cookie`](axum_protected::ResourceServerBuilder::token_cookie).
    ///
    /// Each protected route is called with a token that is enough, in the cookie, as a browser calls
    /// it for a page of the same origin, of the same site, of another site, and for a link on another
    /// site. The route must grant the first of these requests and refuse the others with the kind
    /// [`CrossSiteRequest`](axum_protected::RefusalKind::CrossSiteRequest), except that a
    /// [page](axum_protected::router::AccessRow::is_page) must grant the link. The cookie beside the
    /// header must be refused with the kind
    /// [`InvalidRequest`](axum_protected::RefusalKind::InvalidRequest).
    ///
    /// The access matrix sets `Origin` and `Sec-Fetch-*` of these requests itself. Other cookies may
    /// be added by [`header`](Self::header).
    pub fn token_cookie(mut self, name: &str) -> Self {
        self.settings.problems.extend(self.settings.place.set_cookie(name).err());
        self
    }

    /// Sets the public URL of the API, without which no DPoP proofs are sent. The URL that a proof
    /// names is this one, followed by the path of the request: for a server with a
    /// [`public_url`](axum_protected::ResourceServerBuilder::public_url), the same text.
    ///
    /// A route that demands `proof = dpop` is then called with tokens that are bound to a key of the
    /// access matrix: with the right proof, without a proof, as a bearer token, with a used proof,
    /// and with proofs for another method, for another URL and by another key. A route that demands
    /// `proof = mtls` needs no setting; it is called with the right client certificate, with none and
    /// with another one. The server must accept proofs without nonces.
    pub fn public_url(mut self, url: &str) -> Self {
        self.settings.public_url = Some(url.to_owned());
        self
    }

    /// Sets the longest time to wait for a response, instead of 10 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Adds a request of your own to a route, for example `GET /orders/{id}`, as the access table
    /// writes it. A route that a check decides counts as tried if at least one case is granted and
    /// at least one is denied. A route that some callers enter without the check counts as tried
    /// without a case.
    pub fn case(mut self, route: &str, case: Case) -> Self {
        self.settings.cases.push((route.to_owned(), case));
        self
    }

    async fn run(self) -> Result<AccessMatrix, AccessMatrixError> {
        let possession = Possession::new(self.settings.public_url.as_deref()).map_err(|error| {
            AccessMatrixError::settings(vec![format!("no keys for proofs: {error}")])
        })?;
        let issuers = self.issuers(&possession);
        let plans =
            plan(self.table, &self.settings, &issuers).map_err(AccessMatrixError::settings)?;
        let mut run = Run {
            app: self.app,
            table: self.table,
            settings: &self.settings,
            possession,
            probe: RouteProbe::of(self.app),
            requests: 0,
            not_tried: Vec::new(),
            failures: Vec::new(),
        };
        for plan in &plans {
            run.try_route(plan).await;
        }
        AccessMatrixError::unless_empty(run.failures)?;
        Ok(AccessMatrix { requests: run.requests, not_tried: run.not_tried })
    }

    fn issuers(&self, possession: &Possession) -> Vec<Tokens> {
        let audience = self.audience.as_deref().unwrap_or_else(|| self.issuer.audience());
        let first = Tokens::of(self.issuer, self.issuer_name.clone(), audience, possession.clone());
        let partners = self.partners.iter();
        std::iter::once(first)
            .chain(partners.map(|(name, issuer)| {
                Tokens::of_partner(issuer, name, audience, possession.clone())
            }))
            .collect()
    }
}

impl<'a> IntoFuture for AccessMatrixBuilder<'a> {
    type Output = Result<AccessMatrix, AccessMatrixError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl std::fmt::Debug for AccessMatrixBuilder<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("AccessMatrixBuilder").finish_non_exhaustive()
    }
}
