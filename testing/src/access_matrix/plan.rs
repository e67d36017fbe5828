//! The requests to all routes of a table, planned before the first of them is sent.

use axum::http::HeaderMap;

use super::attempts::{Attempt, attempts, satisfying};
use super::called_method::method_to_call;
use super::case::Case;
use super::cookie_attempts::cookie_attempts;
use super::expected::Expected;
use super::path::parameters;
use super::settings::Settings;
use super::tokens::Tokens;
use super::untried_reason::not_tried_reason;
use axum_protected::policy::Requirement;
use axum_protected::router::{Access, AccessRow, AccessTable};

/// The requests to one route.
pub(super) struct Plan<'a> {
    pub(super) route: &'a AccessRow,
    /// The method of all requests.
    pub(super) method: &'static str,
    pub(super) attempts: Vec<Attempt>,
    pub(super) cases: Vec<PlannedCase<'a>>,
    /// The reason why none of the attempts must be granted.
    pub(super) not_tried: Option<String>,
}

/// A case of the caller, with a token for it.
pub(super) struct PlannedCase<'a> {
    pub(super) case: &'a Case,
    pub(super) attempt: Attempt,
}

/// Plans the requests to all routes.
///
/// # Errors
///
/// Returns a problem for each setting that cannot be used with this table.
pub(super) fn plan<'a>(
    table: &'a AccessTable,
    settings: &'a Settings,
    issuers: &[Tokens],
) -> Result<Vec<Plan<'a>>, Vec<String>> {
    let mut problems = settings.problems.clone();
    problems.extend(settings.place.add("token", &mut HeaderMap::new()).err());
    problems.extend(settings.place.conflict(&settings.headers));
    problems.extend(unknown_parameters(table, settings));
    problems.extend(unknown_routes(table, settings));
    let plans: Vec<_> = table
        .routes()
        .map(|route| {
            let method = method_to_call(route, table);
            plan_route(route, method, settings, issuers, &mut problems)
        })
        .collect();
    if plans.is_empty() {
        problems.push("the table has no route".to_owned());
    }
    if problems.is_empty() { Ok(plans) } else { Err(problems) }
}

fn plan_route<'a>(
    route: &'a AccessRow,
    method: &'static str,
    settings: &'a Settings,
    issuers: &[Tokens],
    problems: &mut Vec<String>,
) -> Plan<'a> {
    let access = &route.access;
    let (attempts, not_tried) = match access {
        Access::Protected(operation) => {
            let requirement = &operation.requirement;
            let planned = attempts(requirement, issuers, &settings.claims);
            problems.extend(planned.conflicts.into_iter().map(|conflict| {
                let name = name(route);
                format!(
                    "a chosen claim decides {name}, {conflict}: leave it out, or write a `case`"
                )
            }));
            let mut attempts = planned.attempts;
            let reason = not_tried_reason(requirement, &attempts, issuers, &settings.claims);
            if settings.place.has_cookie() {
                let admits_links = route.is_page() && method == "GET";
                attempts.extend(cookie_attempts(&attempts, admits_links));
            }
            (attempts, reason.map(str::to_owned))
        }
        Access::Public(_) => (vec![Attempt::new("no token", None, Expected::Granted)], None),
        unknown => (Vec::new(), Some(unknown_access(unknown))),
    };
    let cases = planned_cases(route, settings, issuers, problems);
    Plan { route, method, attempts, cases, not_tried }
}

/// Returns the reason why a row with another kind of access is not tried. Such a row is written as
/// `? (reason)`.
fn unknown_access(access: &Access) -> String {
    let access = access.to_string();
    let reason = access.strip_prefix("? ").unwrap_or(&access);
    format!("the table does not know these routes {reason}")
}

fn planned_cases<'a>(
    route: &AccessRow,
    settings: &'a Settings,
    issuers: &[Tokens],
    problems: &mut Vec<String>,
) -> Vec<PlannedCase<'a>> {
    let requirement = match &route.access {
        Access::Protected(operation) => operation.requirement,
        _ => Requirement::All(&[]),
    };
    let cases = settings.cases.iter().filter(|(wanted, _)| *wanted == name(route));
    let mut planned = Vec::new();
    for (number, (_, case)) in (1_usize..).zip(cases) {
        let Some((tokens, way)) = satisfying(&requirement, issuers, &settings.claims) else {
            continue;
        };
        let (expected, result) = if case.is_granted {
            (Expected::Granted, "granted")
        } else {
            (Expected::DENIED, "denied")
        };
        let attempt_name = format!("case {number} ({result})");
        let unknown = unknown_names(case.path_values.keys(), &parameters(&route.path));
        let conflict = settings.place.conflict(&case.headers);
        let case_problems = case.problems.iter().cloned().chain(unknown).chain(conflict);
        problems.extend(
            case_problems.map(|problem| format!("{}, {attempt_name}: {problem}", name(route))),
        );
        let claims = settings.claims.added_to(&tokens.claims(&way));
        let token = tokens.with(case.claims.added_to(&claims));
        planned.push(PlannedCase {
            case,
            attempt: Attempt {
                headers: case.headers.clone(),
                body: case.body.clone(),
                ..Attempt::with(&attempt_name, &token, expected)
            },
        });
    }
    planned
}

/// Returns the name of a route, as in a failure or a case.
pub(super) fn name(AccessRow { method, path, .. }: &AccessRow) -> String {
    format!("{method} {path}")
}

fn unknown_parameters(table: &AccessTable, settings: &Settings) -> Vec<String> {
    let known: Vec<_> = table.routes().flat_map(|route| parameters(&route.path)).collect();
    unknown_names(settings.path_values.keys(), &known)
}

fn unknown_names<'a>(names: impl Iterator<Item = &'a String>, known: &[String]) -> Vec<String> {
    names
        .filter(|name| !known.contains(name))
        .map(|name| format!("`path_value` names the parameter `{name}`, which is in no path"))
        .collect()
}

/// Returns a problem for each case whose route cannot be tried.
fn unknown_routes(table: &AccessTable, settings: &Settings) -> Vec<String> {
    let mut problems = Vec::new();
    for (wanted, _) in &settings.cases {
        match table.routes().find(|route| name(route) == *wanted).map(|route| &route.access) {
            Some(Access::Protected(_) | Access::Public(_)) => {}
            Some(access) => {
                problems.push(format!("a case is for `{wanted}`: {}", unknown_access(access)));
            }
            None => problems.push(format!("a case is for `{wanted}`, which is not in the table")),
        }
    }
    problems.dedup();
    problems
}
