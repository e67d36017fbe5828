//! Reads arbitrary bytes as a configuration file in JSON and builds the server outside of a tokio
//! runtime. Neither may panic. Outside of a runtime, the server must not start to fetch keys.
#![no_main]

use axum_protected::ResourceServerBuilder;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(builder) = serde_json::from_slice::<ResourceServerBuilder>(data) else {
        return;
    };
    match builder.build() {
        Ok(server) => {
            let health = server.health();
            assert!(health.issuers.iter().all(|issuer| issuer.last_error.is_none()));
            assert_eq!(health.issuers.len(), server.configuration().issuers.len());
            serde_json::to_vec(server.configuration()).unwrap();
        }
        Err(error) => {
            assert!(error.problems().all(|problem| !problem.is_empty()));
            assert!(error.problems().count() > 0);
        }
    }
});
