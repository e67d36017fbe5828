//! Tests the request to the endpoint.

use axum::http::Method;
use axum_protected::{Issuer, RefusalKind};
use axum_protected_tests::{App, Call, trusting};

use super::{Double, Reply, active, issuer, refused, settings};

#[tokio::test]
async fn the_token_is_sent_in_a_form_and_never_in_a_url() {
    let double = Double::default();
    let served = double.serve().await;
    let app = App::serve(trusting(issuer(&served.url)).build().unwrap()).await;
    // A token may have each of these characters, and some of them have a meaning in a form.
    let token = "aZ09-._~+/==";
    double.answer(token, active(&served.url));
    app.grants(&Call::get("/api/items").bearer(token)).await;
    let questions = double.questions();
    let [question] = questions.as_slice() else { panic!("{questions:?}") };
    assert_eq!(question.method, Method::POST);
    assert_eq!(question.target, "/introspect");
    assert_eq!(question.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(question.header("accept"), Some("application/json"));
    assert_eq!(question.body, "token=aZ09-._%7E%2B%2F%3D%3D&token_type_hint=access_token");
    for (name, value) in &question.headers {
        assert!(!value.to_str().unwrap().contains("aZ09"), "{name}");
    }
}

#[tokio::test]
async fn an_endpoint_with_a_query_keeps_it() {
    let double = Double::default();
    let served = double.serve().await;
    let endpoint = format!("{}/introspect?realm=a&b=%20", served.url);
    let issuer = Issuer::new(&served.url).introspection(settings().endpoint(endpoint));
    let server = trusting(issuer).build().unwrap();
    double.answer("opaque", active(&served.url));
    server.authenticate("opaque").await.unwrap();
    assert_eq!(double.questions()[0].target, "/introspect?realm=a&b=%20");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let double = Double::default();
    let other = Double::default();
    let (served, elsewhere) = (double.serve().await, other.serve().await);
    let server = trusting(issuer(&served.url)).build().unwrap();
    other.answer_others(active(&served.url));
    for status in [301, 302, 303, 307, 308] {
        let token = format!("opaque-{status}");
        let location = format!("{}/introspect", elsewhere.url);
        double.answer(&token, Reply::status(status).header("location", location));
        assert_eq!(refused(&server, &token).await, RefusalKind::IntrospectionUnavailable);
    }
    assert_eq!((double.total(), other.total()), (5, 0));
}

#[tokio::test]
async fn a_huge_answer_is_not_read() {
    let double = Double::default();
    let served = double.serve().await;
    let server = trusting(issuer(&served.url)).build().unwrap();
    let padding = " ".repeat(512 * 1024);
    let body = format!("{}{padding}", active(&served.url));
    double.answer("opaque", Reply::text("application/json", body));
    assert_eq!(refused(&server, "opaque").await, RefusalKind::IntrospectionUnavailable);
}

#[tokio::test]
async fn a_token_that_is_too_long_is_not_asked_about() {
    let double = Double::default();
    double.answer_others(active(super::double::ISSUER));
    let server = double.server().build().unwrap();
    let token = "a".repeat(16 * 1024 + 1);
    assert_eq!(refused(&server, &token).await, RefusalKind::MalformedToken);
    assert_eq!(double.total(), 0);
    let longest = "a".repeat(16 * 1024);
    server.authenticate(&longest).await.unwrap();
    assert_eq!(double.questions()[0].token(), longest);
}

#[tokio::test]
async fn headers_of_the_issuer_are_sent_too_and_never_replace_the_credentials() {
    let double = Double::default();
    let served = double.serve().await;
    let issuer =
        issuer(&served.url).header("X-Gateway", "g4te").header("Authorization", "Bearer x");
    let server = trusting(issuer).build().unwrap();
    double.answer("opaque", active(&served.url));
    server.authenticate("opaque").await.unwrap();
    let question = &double.questions()[0];
    assert_eq!(question.header("x-gateway"), Some("g4te"));
    assert_eq!(question.header("authorization"), Some("Basic aXRlbXMtYXBpOnMzY3JldA=="));
}
