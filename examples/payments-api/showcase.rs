//! The requests that the program makes and prints, in their sequence.

use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Method, Request, Url};
use serde_json::{Value, json};

use crate::client::authorization::{Access, Authentication};
use crate::client::discovery::{ServerMetadata, discover};
use crate::client::http::{Answer, with_body};
use crate::client::{Client, Error, Registration};
use crate::payments::CONSENT_TYPE;
use crate::user;

/// The identifier of the payment of the demonstration. A client generates a new one, such as a UUID,
/// for each payment.
const PAYMENT: &str = "6d8f2c54-1b0e-4c54-9d2a-0f5a3c6e7b91";

/// The client, the API and the authorization server of the demonstration.
struct Showcase {
    api: Url,
    /// The identifier of the API.
    resource: String,
    client: Client,
    server: ServerMetadata,
}

/// Shows the way of a payment, and then the requests that the API refuses.
pub(crate) async fn show(resource: &str, registration: Registration) -> Result<(), Error> {
    title("200: the API names its authorization server, and the server its endpoints");
    let client = Client::new(registration)?;
    let server = discover(&client.http, resource).await?;
    let resource = resource.to_owned();
    let mut showcase = Showcase { api: Url::parse(&resource)?, resource, client, server };
    showcase.run().await
}

fn title(text: &str) {
    println!("\n# {text}");
}

impl Showcase {
    async fn run(&mut self) -> Result<(), Error> {
        let account = self.account().await?;
        let payment = payment_of(&account, "123.50");

        title("200: the user consents to one payment, and the client gets a token for it");
        let mut access = self.access("accounts:read payments:write", vec![consent(&payment)]);
        let weak = self.token(&access).await?;
        title("401: the user has not authenticated strongly enough for a payment");
        let answer = self.client.call(self.put(&payment)?, &weak).await?;
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        access.authentication = Authentication::demanded_by(challenge);

        title("200: the user authenticates as the challenge demands");
        let token = self.token(&access).await?;
        title("201: the payment is made");
        self.client.call(self.put(&payment)?, &token).await?;
        title("200: the same request again is not a second payment");
        self.client.call(self.put(&payment)?, &token).await?;
        title("200: the status of the payment");
        self.client.call(self.get(&path())?, &token).await?;
        title("403: the amount is not the one that the user consented to");
        let other_amount = payment_of(&account, "923.50");
        self.client.call(self.put(&other_amount)?, &token).await?;
        title("403: the user consented to another payment");
        self.client.call(self.get("api/payments/another")?, &token).await?;
        title("403: a token for one payment does not list the accounts, although it has the scope");
        self.client.call(self.get("api/accounts")?, &token).await?;
        self.refused_proofs(&token).await?;

        title("200: the client revokes the token");
        self.client.revoke(&self.server, &token).await?;
        title("401: a revoked token");
        self.client.call(self.get(&path())?, &token).await?;
        title("200: public");
        self.send(self.get("health")?).await?;
        Ok(())
    }

    /// Lists the accounts of the user, and returns the number of the first one.
    async fn account(&mut self) -> Result<Value, Error> {
        title("200: the client gets a token that is bound to its key");
        let access = self.access("accounts:read", Vec::new());
        let token = self.token(&access).await?;
        title("200: the accounts of the user, after the API has asked for a nonce");
        let accounts: Value = self.client.call(self.get("api/accounts")?, &token).await?.json()?;
        Ok(accounts.pointer("/0/iban").cloned().unwrap_or_default())
    }

    /// Sends requests whose proof is missing or wrong.
    async fn refused_proofs(&self, token: &str) -> Result<(), Error> {
        let status = self.get(&path())?;
        let authorized = |scheme: &str| -> Result<Request, Error> {
            let mut request = status.try_clone().ok_or("the body is a stream")?;
            let value = HeaderValue::try_from(format!("{scheme} {token}"))?;
            request.headers_mut().insert(AUTHORIZATION, value);
            Ok(request)
        };
        title("401: no proof");
        self.send(authorized("DPoP")?).await?;
        title("401: a bound token as a bearer token");
        self.send(self.client.with_proof(&authorized("Bearer")?, Some(token))?).await?;

        title("200: a proof");
        let proven = self.client.with_proof(&authorized("DPoP")?, Some(token))?;
        let copy = proven.try_clone().ok_or("the body is a stream")?;
        self.send(proven).await?;
        title("401: the same proof again");
        self.send(copy).await?;

        title("401: a proof for another method");
        let mut other = self.client.with_proof(&authorized("DPoP")?, Some(token))?;
        *other.method_mut() = Method::PUT;
        self.send(other).await?;
        title("401: no token");
        self.send(self.get("api/accounts")?).await?;
        Ok(())
    }

    async fn send(&self, request: Request) -> Result<Answer, Error> {
        self.client.http.send(request).await
    }

    /// Asks for a token: pushes the request, lets the user allow it, exchanges the code.
    async fn token(&mut self, access: &Access) -> Result<String, Error> {
        let pending = self.client.push(&self.server, access).await?;
        let redirect = user::allow(&self.client.http, &pending.url).await?;
        self.client.exchange(&self.server, pending, &redirect).await
    }

    fn access(&self, scope: &'static str, details: Vec<Value>) -> Access {
        Access { resource: self.resource.clone(), scope, details, authentication: None }
    }

    fn get(&self, path: &str) -> Result<Request, Error> {
        Ok(Request::new(Method::GET, self.api.join(path)?))
    }

    fn put(&self, payment: &Value) -> Result<Request, Error> {
        let request = Request::new(Method::PUT, self.api.join(&path())?);
        Ok(with_body(request, "application/json", payment.to_string()))
    }
}

fn path() -> String {
    format!("api/payments/{PAYMENT}")
}

/// Returns the body of the request for a payment. Its values are those of RFC 9396 section 2.
fn payment_of(debtor: &Value, amount: &str) -> Value {
    json!({
        "debtorAccount": { "iban": debtor },
        "instructedAmount": { "currency": "EUR", "amount": amount },
        "creditorName": "Merchant A",
        "creditorAccount": { "iban": "DE02100100109307118603" },
        "remittanceInformationUnstructured": "Ref Number Merchant",
    })
}

/// Returns the object of the authorization details that asks for the consent to this payment.
fn consent(payment: &Value) -> Value {
    let mut details = payment.as_object().cloned().unwrap_or_default();
    details.remove("debtorAccount");
    details.insert("type".to_owned(), CONSENT_TYPE.into());
    details.insert("actions".to_owned(), json!(["initiate", "status"]));
    details.insert("identifier".to_owned(), PAYMENT.into());
    details.into()
}
