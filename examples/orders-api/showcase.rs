//! The requests that the program prints, with tokens of the embedded issuer.

use std::net::SocketAddr;
use std::time::Duration;

use axum_protected::Algorithm;
use axum_protected_testing::{AuthorizationServer, TokenBuilder};
use serving::bearer;

/// A pair of texts: the expected response, and the arguments of `curl`.
type Line = (&'static str, String);

/// Returns one `curl` command for each case, with its expected status. The commands are ready to
/// paste into a shell. The user must run them in this sequence, because the first command creates
/// the order that later commands use.
pub(crate) fn requests(address: SocketAddr, issuer: &AuthorizationServer) -> String {
    let orders = format!("http://{address}/api/orders");
    let order = format!("{orders}/1");
    let report = format!("http://{address}/api/report");
    let mut lines = place_and_read(&orders, issuer);
    lines.extend(replace(&order, issuer));
    lines.extend(report_requests(&report, issuer));
    lines.extend(remove(&order, issuer));
    lines.push(("401: no token", orders));
    lines.push(("200: public", format!("http://{address}/health")));
    serving::requests(issuer, lines)
}

fn place_and_read(orders: &str, issuer: &AuthorizationServer) -> Vec<Line> {
    let order = format!("{orders}/1");
    let writer = signed(user(issuer, "alice", "orders:write"));
    let reader = signed(user(issuer, "alice", "orders:read"));
    let other = signed(user(issuer, "bob", "orders:read"));
    let support = user(issuer, "dave", "orders:read").claim("roles", ["support"]);
    let support = signed(support);
    let content = content(3);
    vec![
        ("201: write scope", format!("{orders} {writer} {content}")),
        ("200: the write scope implies the read scope", format!("{orders} {writer}")),
        ("200: the owner", format!("{order} {reader}")),
        ("403: another user's order", format!("{order} {other}")),
        ("200: the support role", format!("{order} {support}")),
        ("404: no such order", format!("{orders}/7 {reader}")),
    ]
}

fn replace(order: &str, issuer: &AuthorizationServer) -> Vec<Line> {
    let owner = signed(user(issuer, "alice", "orders:write"));
    let reader = signed(user(issuer, "alice", "orders:read"));
    let other = signed(user(issuer, "bob", "orders:write"));
    let admin = signed(user(issuer, "carol", "orders:admin"));
    let put = format!("-X PUT {}", content(5));
    vec![
        ("200: the owner", format!("{order} {owner} {put}")),
        ("403: no write scope", format!("{order} {reader} {put}")),
        ("403: another user's order", format!("{order} {other} {put}")),
        ("200: the admin", format!("{order} {admin} {put}")),
    ]
}

fn report_requests(report: &str, issuer: &AuthorizationServer) -> Vec<Line> {
    let finance = user(issuer, "erin", "").claim("department", "finance");
    let finance = signed(finance);
    let admin = signed(user(issuer, "carol", "orders:admin"));
    vec![
        ("200: the finance department", format!("{report} {finance}")),
        ("403: neither auditor nor finance", format!("{report} {admin}")),
    ]
}

fn remove(order: &str, issuer: &AuthorizationServer) -> Vec<Line> {
    let owner = signed(user(issuer, "alice", "orders:write"));
    let fresh = signed(just_signed_in(user(issuer, "alice", "orders:write")));
    let delete = "-X DELETE";
    vec![
        ("401: the sign-in is not recent enough", format!("{order} {owner} {delete}")),
        ("204: signed in within the last five minutes", format!("{order} {fresh} {delete}")),
    ]
}

fn user(issuer: &AuthorizationServer, subject: &str, scope: &str) -> TokenBuilder {
    issuer.token().subject(subject).scope(scope)
}

/// Signs the token with ES256, which has short signatures, and returns the `curl` option that sends
/// the token.
fn signed(token: TokenBuilder) -> String {
    bearer(&token.algorithm(Algorithm::ES256).sign())
}

fn content(quantity: u32) -> String {
    let content = format!("{{\"item\":\"widget\",\"quantity\":{quantity}}}");
    format!("-H 'Content-Type: application/json' -d '{content}'")
}

/// Adds the claims of a sign-in at this moment with, for example, a passkey. The `acr` value `phr`
/// means phishing-resistant (OpenID Connect EAP ACR Values 1.0).
fn just_signed_in(token: TokenBuilder) -> TokenBuilder {
    token.authenticated("phr", Duration::ZERO)
}
