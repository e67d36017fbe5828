//! The requests that the program prints, with tokens of the embedded issuer.

use std::net::SocketAddr;

use axum_protected::Algorithm;
use axum_protected_testing::AuthorizationServer;
use serving::bearer;

/// Returns one `curl` command for each case, with its expected status. The commands are ready to
/// paste into a shell.
pub(crate) fn requests(address: SocketAddr, issuer: &AuthorizationServer) -> String {
    let reader = issuer.token().scope("items:read").sign();
    let writer = issuer.token().scope("items:read items:write").algorithm(Algorithm::ES256).sign();
    let expired = issuer.token().scope("items:read").expired().sign();
    let operator = issuer.token().scope("revocations:write").sign();
    let url = format!("http://{address}/api/items");
    let post = "-H 'Content-Type: application/json' -d '{\"name\":\"widget\"}'";
    let revocation = format!(
        "http://{address}/api/revocations {} -H 'Content-Type: application/json' -d \
         '{{\"issuer\":\"{}\",\"subject\":\"mallory\"}}'",
        bearer(&operator),
        issuer.issuer(),
    );
    let lines = [
        ("201: write scope", format!("{url} {} {post}", bearer(&writer))),
        ("200: read scope", format!("{url} {}", bearer(&reader))),
        ("401: no token", url.clone()),
        ("401: expired token", format!("{url} {}", bearer(&expired))),
        ("403: no write scope", format!("{url} {} {post}", bearer(&reader))),
        ("204: revokes the tokens of mallory", revocation),
        ("200: public", format!("http://{address}/health")),
    ];
    serving::requests(issuer, lines)
}
