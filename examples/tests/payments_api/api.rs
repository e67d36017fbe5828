//! The application, which the tests call without a socket, and the tokens of its callers.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request};
use axum_protected::dpop::Dpop;
use axum_protected::{Algorithm, Issuer, ResourceServer};
use axum_protected_testing::{AuthorizationServer, DpopKey, DpopProof, TokenBuilder};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::payments;

/// The identifier and the URL of the API.
pub(crate) const ORIGIN: &str = "https://payments.example.com";

pub(crate) const CREDITOR: &str = "DE02100100109307118603";

pub(crate) struct Api {
    pub(crate) issuer: AuthorizationServer,
    pub(crate) app: Router,
    /// The key to which the tokens are bound.
    pub(crate) key: DpopKey,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// Returns the status, and the `code` of a problem document.
    pub(crate) fn outcome(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or_default())
    }
}

impl Api {
    pub(crate) async fn start() -> Self {
        let issuer = AuthorizationServer::start().await.unwrap();
        let app = payments::app(server(&issuer)).unwrap();
        Self { issuer, app, key: DpopKey::generate().unwrap() }
    }

    /// Returns a token of a user who has just signed in, bound to the key, with all scopes and
    /// without details.
    pub(crate) fn token_of(&self, subject: &str) -> TokenBuilder {
        self.issuer
            .token()
            .subject(subject)
            .algorithm(Algorithm::ES256)
            .claim("aud", ORIGIN)
            .claim("client_id", "payments-client")
            .scope("accounts:read payments:write")
            .authenticated("phr", Duration::ZERO)
            .bound_to(&self.key)
    }

    /// Returns a token with the consent of `alice` to the payment with this identifier.
    pub(crate) fn consented(&self, id: &str, payment: &Value) -> TokenBuilder {
        self.token_of("alice").claim("authorization_details", json!([details(id, payment)]))
    }

    /// Returns a proof for a request with this token.
    pub(crate) fn proof(&self, method: &str, path: &str, token: &str) -> DpopProof {
        self.key.proof(method, format!("{ORIGIN}{path}")).access_token(token)
    }

    /// Sends a request with a token and its proof.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        token: TokenBuilder,
        body: &Value,
    ) -> Answer {
        let token = token.sign();
        let proof = self.proof(method, path, &token).sign();
        let request = request(method, path)
            .header("authorization", format!("DPoP {token}"))
            .header("dpop", proof)
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    /// Makes a payment with the user's consent to it.
    pub(crate) async fn pay(&self, id: &str, payment: &Value) -> Answer {
        let token = self.consented(id, payment);
        self.call("PUT", &format!("/api/payments/{id}"), token, payment).await
    }

    pub(crate) async fn get(&self, path: &str, token: TokenBuilder) -> Answer {
        self.call("GET", path, token, &Value::Null).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
        }
    }

    /// Returns the number and the balance of the only account of a user.
    pub(crate) async fn account_of(&self, subject: &str) -> (String, String) {
        let answer = self.get("/api/accounts", self.token_of(subject)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let [account] = answer.body.as_array().unwrap().as_slice() else { panic!() };
        let text = |pointer: &str| account.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        assert_eq!(text("/balance/currency"), "EUR");
        (text("/iban"), text("/balance/amount"))
    }

    /// Returns a payment from the account of `alice`.
    pub(crate) async fn payment(&self, amount: &str) -> Value {
        let (debtor, _) = self.account_of("alice").await;
        payment_from(&debtor, amount)
    }
}

/// Builds the resource server without nonces, so that a test needs one request.
pub(crate) fn server(issuer: &AuthorizationServer) -> ResourceServer {
    ResourceServer::builder()
        .issuer(Issuer::new(issuer.issuer()))
        .resource(ORIGIN)
        .dpop(Dpop::new())
        .build()
        .unwrap()
}

pub(crate) fn request(method: &str, path: &str) -> Builder {
    Request::builder().method(method).uri(path).header("content-type", "application/json")
}

pub(crate) fn payment_from(debtor: &str, amount: &str) -> Value {
    json!({
        "debtorAccount": { "iban": debtor },
        "instructedAmount": { "currency": "EUR", "amount": amount },
        "creditorName": "Merchant A",
        "creditorAccount": { "iban": CREDITOR },
        "remittanceInformationUnstructured": "Ref Number Merchant",
    })
}

/// Returns the object of the authorization details that permits this payment.
pub(crate) fn details(id: &str, payment: &Value) -> Value {
    json!({
        "type": "payment_initiation",
        "actions": ["initiate", "status"],
        "identifier": id,
        "instructedAmount": payment["instructedAmount"],
        "creditorName": payment["creditorName"],
        "creditorAccount": payment["creditorAccount"],
        "remittanceInformationUnstructured": payment["remittanceInformationUnstructured"],
    })
}

/// Returns the value with another member at this pointer.
pub(crate) fn with(value: &Value, pointer: &str, member: impl Into<Value>) -> Value {
    let mut changed = value.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    changed.pointer_mut(parent).unwrap()[name] = member.into();
    changed
}
