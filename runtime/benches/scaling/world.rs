//! The issuers and keys of one size, and the server that trusts all issuers.

use axum::Router;
use axum_protected::{Algorithm, ResourceServer};
use axum_protected_testing::SigningKeys;
use serde_json::{Value, json};

use crate::common::app;
use crate::common::tokens::{AUDIENCE, issuer, token};
use crate::size::Size;

pub(crate) struct World {
    issuers: Vec<Issuer>,
    pub(crate) router: Router,
}

struct Issuer {
    identifier: String,
    /// The keys of the issuer, each in a `SigningKeys` of its own, so that a bench can select the
    /// key that signs a token.
    keys: Vec<SigningKeys>,
}

impl World {
    pub(crate) fn new(size: Size) -> Self {
        let issuers: Vec<_> =
            (0..size.issuers).map(|number| Issuer::new(number, size.keys)).collect();
        let server = ResourceServer::builder().audience(AUDIENCE);
        let server = issuers
            .iter()
            .fold(server, |server, one| server.issuer(issuer(&one.identifier, &one.jwks())));
        let server = match size.room {
            Some(bytes) => server.verified_token_bytes(bytes),
            None => server,
        };
        let router = app::router(server.build().unwrap());
        Self { issuers, router }
    }

    /// Returns an `Authorization` header with a new token. The number selects the issuer and the
    /// key in turn.
    pub(crate) fn authorization(&self, number: usize) -> String {
        let issuer = self.issuers.get(number % self.issuers.len()).unwrap();
        let keys = issuer.keys.get(number % issuer.keys.len()).unwrap();
        let token = token(keys, &issuer.identifier, Algorithm::ES256);
        format!("Bearer {}", token.sign())
    }
}

impl Issuer {
    fn new(number: usize, keys: usize) -> Self {
        Self {
            identifier: format!("https://id.example.com/realms/{number}"),
            keys: (0..keys).map(|_| SigningKeys::generate(&[Algorithm::ES256]).unwrap()).collect(),
        }
    }

    fn jwks(&self) -> Value {
        let sets = self.keys.iter().map(SigningKeys::jwks);
        let keys = sets.flat_map(|mut set| {
            let keys = set.get_mut("keys").map(Value::take);
            keys.as_ref().and_then(Value::as_array).cloned().unwrap()
        });
        json!({ "keys": keys.collect::<Vec<_>>() })
    }
}
