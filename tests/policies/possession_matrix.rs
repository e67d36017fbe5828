//! Tests the access matrix on routes that demand a proof of possession or authorization details. It
//! must pass for a correct app and find each fault of an incorrect one.

use axum::Router;
use axum_protected::dpop::Dpop;
use axum_protected::routing::get;
use axum_protected::{ProtectedRouter, ResourceServer, protected};
use axum_protected_testing::{AuthorizationServer, Case};

const URL: &str = "https://api.example.com/bank";

type Routes = ProtectedRouter<ResourceServer>;

#[protected(scope = "a")]
async fn with_scope() {}

#[protected(scope = "a", proof = dpop)]
async fn with_dpop() {}

#[protected(scope = "a", proof = mtls)]
async fn with_mtls() {}

#[protected(any(proof = dpop, proof = mtls))]
async fn with_either() {}

#[protected(all(proof = dpop, proof = mtls, acr = "gold"))]
async fn with_both() {}

#[protected(scope = "a", details(type = "pay", actions = all("initiate", "status")))]
async fn with_details() {}

#[protected(
    scope = "a",
    all(details(type = "pay", actions = "initiate"), details(type = "pay", actions = "status"),)
)]
async fn with_two_details() {}

/// The routes with one handler at `/`.
macro_rules! at_root {
    ($handler:expr) => {
        Routes::new().route("/", get($handler))
    };
}

struct Bank {
    issuer: AuthorizationServer,
}

impl Bank {
    async fn start() -> Self {
        Self { issuer: AuthorizationServer::start().await.unwrap() }
    }

    fn app(&self, routes: Routes, accepts_dpop: bool) -> Router {
        let server = self.issuer.resource_server().public_url(URL);
        let server = if accepts_dpop { server.dpop(Dpop::new()) } else { server };
        routes.with_state(server.build().unwrap()).into_router().unwrap()
    }

    /// Returns the failures of an app whose routes differ from those of the table.
    async fn failures(&self, table: &Routes, routes: Routes) -> Vec<String> {
        let app = self.app(routes, true);
        let matrix = self.issuer.access_matrix(&app, table.access_table()).public_url(URL);
        let error = matrix.await.err();
        error
            .into_iter()
            .flat_map(|error| error.failures().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }
}

fn all_routes() -> Routes {
    Routes::new()
        .route("/scope", get(with_scope))
        .route("/dpop", get(with_dpop).post(with_dpop))
        .route("/mtls", get(with_mtls))
        .route("/either", get(with_either))
        .route("/both/{id}", get(with_both))
        .route("/details", get(with_details))
}

#[tokio::test]
async fn each_decision_of_correct_routes_is_tried() {
    let bank = Bank::start().await;
    let routes = all_routes();
    let table = routes.access_table().clone();
    let app = bank.app(routes, true);
    let tried = bank.issuer.access_matrix(&app, &table).public_url(URL).await.unwrap();
    assert_eq!(tried.untried().collect::<Vec<_>>(), [""; 0]);
}

#[tokio::test]
async fn each_mistake_in_a_proof_is_a_request() {
    let bank = Bank::start().await;
    // Seven requests have no token or an invalid one. Three have a valid token: without the scope,
    // without the binding, and with both. The mistakes in proofs are six, of which the used proof
    // takes two requests, and two.
    for (routes, requests) in [(at_root!(with_dpop), 7 + 3 + 7), (at_root!(with_mtls), 7 + 3 + 2)] {
        let table = routes.access_table().clone();
        let app = bank.app(routes, true);
        let tried = bank.issuer.access_matrix(&app, &table).public_url(URL).await.unwrap();
        assert_eq!(tried.requests(), requests);
    }
}

#[tokio::test]
async fn a_server_without_proofs_is_tried_as_far_as_possible() {
    let bank = Bank::start().await;
    let routes = all_routes();
    let table = routes.access_table().clone();
    let app = bank.app(routes, false);
    let tried = bank.issuer.access_matrix(&app, &table).await.unwrap();
    let reason = "it demands a DPoP proof: set `public_url`";
    let expected =
        ["GET /dpop", "POST /dpop", "GET /both/{id}"].map(|route| format!("{route}: {reason}"));
    let mut untried: Vec<_> = tried.untried().map(str::to_owned).collect();
    untried.sort();
    let mut expected = expected.to_vec();
    expected.sort();
    assert_eq!(untried, expected);
}

#[tokio::test]
async fn a_refusal_for_lack_of_a_proof_says_what_the_test_lacks() {
    let bank = Bank::start().await;
    let routes = at_root!(with_dpop);
    let table = routes.access_table().clone();
    let app = bank.app(routes, true);
    let matrix = bank.issuer.access_matrix(&app, &table).case("GET /", Case::granted());
    let error = matrix.await.unwrap_err().to_string();
    assert!(error.contains("`proof_required`"), "{error}");
    assert!(error.contains("only after `public_url(...)`"), "{error}");

    let server = bank.issuer.resource_server().public_url(URL).dpop(Dpop::new().nonce());
    let app = at_root!(with_dpop).with_state(server.build().unwrap()).into_router().unwrap();
    let matrix = bank.issuer.access_matrix(&app, &table).public_url(URL);
    let error = matrix.await.unwrap_err().to_string();
    assert!(error.contains("`use_dpop_nonce`"), "{error}");
    assert!(error.contains("a server that needs none"), "{error}");

    let server = bank.issuer.resource_server().public_url(URL).dpop(Dpop::new().required());
    let routes = at_root!(with_scope);
    let table = routes.access_table().clone();
    let app = routes.with_state(server.build().unwrap()).into_router().unwrap();
    let matrix = bank.issuer.access_matrix(&app, &table).public_url(URL);
    let error = matrix.await.unwrap_err().to_string();
    assert!(error.contains("`unbound_token`"), "{error}");
    assert!(error.contains("that demand `proof = ...`"), "{error}");
}

#[tokio::test]
#[allow(clippy::large_stack_arrays, reason = "a table of routers")]
async fn a_route_without_its_demand_is_found() {
    let bank = Bank::start().await;
    for (table, app, failure) in [
        (at_root!(with_dpop), at_root!(with_scope), "GET /, without proof dpop: 200"),
        (at_root!(with_mtls), at_root!(with_scope), "GET /, without proof mtls: 200"),
        (at_root!(with_mtls), at_root!(with_dpop), "GET /, exactly enough: 401 (`proof_required`)"),
        (at_root!(with_details), at_root!(with_scope), "GET /, without details pay"),
        (
            at_root!(with_details),
            at_root!(with_two_details),
            "GET /, with its details in two objects: 200",
        ),
        (at_root!(with_details), at_root!(with_scope), "GET /, with details for another API: 200"),
    ] {
        let failures = bank.failures(&table, app).await;
        assert!(
            failures.iter().any(|found| found.starts_with(failure)),
            "{failure}: {failures:#?}"
        );
    }
}

#[tokio::test]
async fn an_app_that_does_not_judge_the_proofs_is_found() {
    use axum::extract::Request;
    use axum::middleware::{Next, from_fn};
    use axum_protected::server::ClientCertificate;

    let bank = Bank::start().await;
    let any_certificate = from_fn(|mut request: Request, next: Next| {
        let same = ClientCertificate::from_der(b"the client certificate of the access matrix");
        request.extensions_mut().insert(same);
        next.run(request)
    });
    let routes = at_root!(with_mtls);
    let table = routes.access_table().clone();
    let app = bank.app(routes, true).layer(any_certificate);
    let error = bank.issuer.access_matrix(&app, &table).await.unwrap_err();
    let failures: Vec<_> = error.failures().collect();
    for name in
        ["a token without its client certificate", "a token with another client certificate"]
    {
        assert!(failures.iter().any(|failure| failure.contains(name)), "{name}: {failures:#?}");
    }
}
