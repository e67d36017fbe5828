//! Sends the planned requests and collects the failures.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;

use super::attempts::{Attempt, Place};
use super::case::Case;
use super::cookie_attempts::EVIDENCE;
use super::expected::{Comparison, Expected};
use super::outcome::Outcome;
use super::path::PathValues;
use super::plan::{Plan, PlannedCase, name};
use super::possession::{CERTIFICATE, OTHER_CERTIFICATE, Possession, Proofs, add_dpop};
use super::route_probe::RouteProbe;
use super::settings::Settings;
use axum_protected::router::{AccessRow, AccessTable};
use axum_protected::server::ClientCertificate;

/// The address that handlers and the rule of `require_https` see as the peer.
const PEER: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 49152);

/// The app, the settings and the results so far.
pub(super) struct Run<'a> {
    pub(super) app: &'a Router,
    pub(super) table: &'a AccessTable,
    pub(super) settings: &'a Settings,
    pub(super) possession: Possession,
    pub(super) probe: RouteProbe,
    pub(super) requests: usize,
    pub(super) not_tried: Vec<String>,
    pub(super) failures: Vec<String>,
}

/// The decisions of the guard that the requests to one route have shown.
#[derive(Default)]
struct Decisions {
    granted: bool,
    /// The first reason why a request that must be granted does not show the decision.
    unclear_grant: Option<String>,
    /// The first reason why a request that must be refused does not show the decision.
    unclear_refusal: Option<String>,
    granted_case: bool,
    denied_case: bool,
}

impl<'a> Run<'a> {
    pub(super) async fn try_route(&mut self, plan: &Plan<'a>) {
        let route = plan.route;
        let mut decisions = Decisions::default();
        if !plan.attempts.is_empty() || !plan.cases.is_empty() {
            let method = plan.method;
            let values = &self.settings.path_values;
            let targets = match self.probe.targets(route, method, self.table, values).await {
                Ok(targets) => targets,
                Err(problem) => return self.failures.push(format!("{} {problem}", name(route))),
            };
            for (index, target) in targets.iter().enumerate() {
                let at = if index > 0 { format!(" at `{target}`") } else { String::new() };
                for attempt in &plan.attempts {
                    self.try_attempt(route, &at, method, target, attempt, &mut decisions).await;
                }
            }
            for planned in &plan.cases {
                self.try_case(route, method, &targets, planned, &mut decisions).await;
            }
        }
        let reason = reason(decisions, plan);
        self.not_tried.extend(reason.map(|reason| format!("{}: {reason}", name(route))));
    }

    async fn try_case(
        &mut self,
        route: &AccessRow,
        method: &str,
        targets: &[String],
        PlannedCase { case, attempt }: &PlannedCase<'_>,
        decisions: &mut Decisions,
    ) {
        let target = match self.case_target(route, method, targets, case).await {
            Ok(target) => target,
            Err(problem) => {
                let failure = format!("{}, {}: it {problem}", name(route), attempt.name);
                return self.failures.push(failure);
            }
        };
        if self.try_attempt(route, "", method, &target, attempt, decisions).await {
            decisions.granted_case |= case.is_granted;
            decisions.denied_case |= !case.is_granted;
        }
    }

    async fn case_target(
        &self,
        route: &AccessRow,
        method: &str,
        targets: &[String],
        case: &Case,
    ) -> Result<String, String> {
        let mut target = if let Some(path) = &case.path {
            self.probe.target(route, method, [path.clone()]).await?
        } else if case.path_values.is_empty() {
            targets.first().cloned().unwrap_or_default()
        } else {
            let mut values: PathValues = self.settings.path_values.clone();
            values.extend(case.path_values.clone());
            let targets = self.probe.targets(route, method, self.table, &values).await?;
            targets.into_iter().next().unwrap_or_default()
        };
        if let Some(query) = &case.query {
            target.push('?');
            target.push_str(query);
        }
        Ok(target)
    }

    /// Sends the request. Returns true if the result shows the expected decision.
    async fn try_attempt(
        &mut self,
        route: &AccessRow,
        at: &str,
        method: &str,
        target: &str,
        attempt: &Attempt,
        decisions: &mut Decisions,
    ) -> bool {
        self.requests += 1;
        let comparison = match self.outcome(method, target, attempt).await {
            Ok(outcome) => attempt.expected.compare(&outcome),
            Err(problem) => Comparison::Different(problem),
        };
        match comparison {
            Comparison::Equal => {
                decisions.granted |= matches!(attempt.expected, Expected::Granted);
                return true;
            }
            Comparison::Unclear(reason) => {
                let unclear = match attempt.expected {
                    Expected::Granted => &mut decisions.unclear_grant,
                    Expected::Refused(_) => &mut decisions.unclear_refusal,
                };
                unclear.get_or_insert_with(|| format!("{}{at}: {reason}", attempt.name));
            }
            Comparison::Different(difference) => {
                self.failures.push(format!("{}{at}, {}: {difference}", name(route), attempt.name));
            }
        }
        false
    }

    /// Sends the request, and returns its result. Sends a request with a used proof twice, and
    /// returns the second result.
    async fn outcome(
        &mut self,
        method: &str,
        target: &str,
        attempt: &Attempt,
    ) -> Result<Outcome, String> {
        let token = attempt.token.as_deref().filter(|_| attempt.binding.dpop);
        let proof = token
            .and_then(|token| self.possession.proof(method, target, token, attempt.proofs))
            .unwrap_or_default();
        if attempt.proofs == Proofs::UsedDpop {
            self.requests += 1;
            let first = self.request(method, target, attempt, &proof)?;
            Outcome::of(self.app, first, self.settings.timeout).await;
        }
        let request = self.request(method, target, attempt, &proof)?;
        Ok(Outcome::of(self.app, request, self.settings.timeout).await)
    }

    fn request(
        &self,
        method: &str,
        target: &str,
        attempt: &Attempt,
        proof: &str,
    ) -> Result<Request<Body>, String> {
        let place = &self.settings.place;
        let mut headers = self.settings.headers.clone();
        if matches!(attempt.place, Place::Cookie | Place::CookieAndHeader) {
            for name in EVIDENCE {
                headers.remove(name);
            }
        }
        headers.extend(attempt.headers.clone());
        let mut uri = target.to_owned();
        if let Some(token) = &attempt.token {
            match attempt.place {
                Place::Header if attempt.binding.dpop => {
                    add_dpop(token, proof, attempt.proofs, &mut headers)?;
                }
                Place::Header => place.add(token, &mut headers)?,
                Place::Query => uri = format!("{target}?access_token={token}"),
                Place::Cookie => place.add_cookie(token, &mut headers)?,
                Place::CookieAndHeader => {
                    place.add(token, &mut headers)?;
                    place.add_cookie(token, &mut headers)?;
                }
            }
        }
        let mut request = Request::builder()
            .method(method)
            .uri(uri)
            .extension(ConnectInfo(SocketAddr::from(PEER)))
            .body(Body::from(attempt.body.clone()))
            .map_err(|error| error.to_string())?;
        *request.headers_mut() = headers;
        let certificate = match attempt.proofs {
            Proofs::NoCertificate => None,
            Proofs::OtherCertificate => Some(OTHER_CERTIFICATE),
            _ => Some(CERTIFICATE),
        };
        if let Some(certificate) = certificate.filter(|_| attempt.binding.mtls) {
            request.extensions_mut().insert(ClientCertificate::from_der(certificate));
        }
        Ok(request)
    }
}

/// Returns the reason why a decision of the route was not seen, or `None` if all were seen.
fn reason(decisions: Decisions, plan: &Plan<'_>) -> Option<String> {
    match &plan.not_tried {
        Some(_) if decisions.granted_case && decisions.denied_case => decisions.unclear_refusal,
        Some(reason) if decisions.granted_case => Some(format!("{reason}, and no case was denied")),
        Some(reason) if decisions.denied_case => Some(format!("{reason}, and no case was granted")),
        Some(reason) => Some(reason.clone()),
        None if decisions.granted => decisions.unclear_refusal,
        None => decisions.unclear_grant.or(decisions.unclear_refusal),
    }
}
