//! Requests to try, with tokens of the embedded issuer.

use std::net::SocketAddr;
use std::time::Duration;

use axum_protected::Algorithm;
use axum_protected_testing::{AuthorizationServer, TokenBuilder};
use serving::bearer;

/// The answer, and what `curl` is given.
type Line = (&'static str, String);

/// One `curl` line for each answer, ready to paste into a shell, in this order.
pub(crate) fn requests(address: SocketAddr, issuer: &AuthorizationServer) -> String {
    let orders = format!("http://{address}/api/orders");
    let order = format!("{orders}/1");
    let report = format!("http://{address}/api/report");
    let mut lines = placing_and_seeing(&orders, issuer);
    lines.extend(changing(&order, issuer));
    lines.extend(reporting(&report, issuer));
    lines.extend(removing(&order, issuer));
    lines.push(("401: no token", orders));
    lines.push(("200: open to all", format!("http://{address}/health")));
    serving::requests(issuer, lines)
}

fn placing_and_seeing(orders: &str, issuer: &AuthorizationServer) -> Vec<Line> {
    let order = format!("{orders}/1");
    let writer = signed(user(issuer, "alice", "orders:write"));
    let reader = signed(user(issuer, "alice", "orders:read"));
    let other = signed(user(issuer, "bob", "orders:read"));
    let support = user(issuer, "dave", "orders:read").claim("roles", ["support"]);
    let support = signed(support);
    let content = content(3);
    vec![
        ("201: may write", format!("{orders} {writer} {content}")),
        ("200: writing implies reading", format!("{orders} {writer}")),
        ("200: the order is hers", format!("{order} {reader}")),
        ("403: and not his", format!("{order} {other}")),
        ("200: support sees all", format!("{order} {support}")),
        ("404: there is none", format!("{orders}/7 {reader}")),
    ]
}

fn changing(order: &str, issuer: &AuthorizationServer) -> Vec<Line> {
    let owner = signed(user(issuer, "alice", "orders:write"));
    let reader = signed(user(issuer, "alice", "orders:read"));
    let other = signed(user(issuer, "bob", "orders:write"));
    let admin = signed(user(issuer, "carol", "orders:admin"));
    let put = format!("-X PUT {}", content(5));
    vec![
        ("200: the owner may", format!("{order} {owner} {put}")),
        ("403: not with a token to read", format!("{order} {reader} {put}")),
        ("403: not another", format!("{order} {other} {put}")),
        ("200: the admin may", format!("{order} {admin} {put}")),
    ]
}

fn reporting(report: &str, issuer: &AuthorizationServer) -> Vec<Line> {
    let finance = user(issuer, "erin", "").claim("department", "finance");
    let finance = signed(finance);
    let admin = signed(user(issuer, "carol", "orders:admin"));
    vec![
        ("200: for finance", format!("{report} {finance}")),
        ("403: not for admins", format!("{report} {admin}")),
    ]
}

fn removing(order: &str, issuer: &AuthorizationServer) -> Vec<Line> {
    let owner = signed(user(issuer, "alice", "orders:write"));
    let fresh = signed(just_signed_in(user(issuer, "alice", "orders:write")));
    let delete = "-X DELETE";
    vec![
        ("401: sign in again", format!("{order} {owner} {delete}")),
        ("204: just signed in, which counts for five minutes", format!("{order} {fresh} {delete}")),
    ]
}

fn user(issuer: &AuthorizationServer, subject: &str, scope: &str) -> TokenBuilder {
    issuer.token().subject(subject).scope(scope)
}

/// The option for `curl`, with a short signature.
fn signed(token: TokenBuilder) -> String {
    bearer(&token.algorithm(Algorithm::ES256).sign())
}

fn content(quantity: u32) -> String {
    let content = format!("{{\"item\":\"widget\",\"quantity\":{quantity}}}");
    format!("-H 'Content-Type: application/json' -d '{content}'")
}

/// With a passkey or alike: `phr`, phishing-resistant (OpenID Connect EAP ACR Values 1.0).
fn just_signed_in(token: TokenBuilder) -> TokenBuilder {
    token.authenticated("phr", Duration::ZERO)
}
