//! Reads arbitrary lines as environment variables. A server must trust exactly the issuer of
//! `OAUTH_ISSUER`, and apply exactly the values of the other variables.
#![no_main]

use std::collections::BTreeMap;

use axum_protected::ResourceServer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lines = text.lines().filter_map(|line| line.split_once('='));
    let variables: BTreeMap<_, _> = lines.collect();
    match ResourceServer::from_variables(variables.clone()) {
        Ok(server) => {
            let [issuer] = server.configuration().issuers.as_slice() else { unreachable!() };
            assert_eq!(Some(&issuer.issuer.as_str()), variables.get("OAUTH_ISSUER"));
            let audience = variables.get("OAUTH_AUDIENCE").or(variables.get("OAUTH_RESOURCE"));
            assert!(issuer.audiences.iter().all(|one| audience.unwrap().contains(one)));
            let is_true = |name| variables.get(name) == Some(&"true");
            assert_eq!(issuer.rfc9068, is_true("OAUTH_RFC9068"));
            assert_eq!(issuer.insecure_http, is_true("OAUTH_INSECURE_HTTP"));
        }
        Err(error) => assert!(error.problems().count() > 0),
    }
});
