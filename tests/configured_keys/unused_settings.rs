//! Tests that settings of requests are refused for an issuer that the server sends no requests to.

use axum_protected::Issuer;

use super::{ISSUER, problems};

#[test]
fn a_setting_of_requests_that_has_no_effect_is_reported() {
    let own_keys = || Issuer::new(ISSUER).shared_secret([7; 32]);
    let cases = [
        ("`insecure_http`", own_keys().insecure_http()),
        ("`ca_file`", own_keys().ca_file("/nonexistent")),
        ("`root_certificates`", own_keys().root_certificates("garbage")),
        ("`headers`", own_keys().header("authorization", "Bearer x")),
    ];
    for (setting, issuer) in cases {
        let problems = problems(issuer);
        let expected = format!("the {setting} of the issuer `{ISSUER}` has no effect");
        assert!(problems.contains(&expected), "{problems}");
    }
}
