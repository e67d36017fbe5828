use super::super::client::Client;
use super::*;

const GOOD: [(&str, &str); 9] = [
    ("client_id", "page"),
    ("redirect_uri", "http://127.0.0.1:3000/callback?own=1"),
    ("response_type", "code"),
    ("scope", "items:read"),
    ("state", "a&b=c"),
    ("nonce", "n"),
    ("resource", "https://h/a"),
    ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
    ("code_challenge_method", "S256"),
];

fn registration() -> Registration {
    let page = Client::public("page")
        .redirect_uri("http://127.0.0.1:3000/callback?own=1")
        .redirect_uri("https://app.example.com/callback")
        .redirect_uri("http://127.0.0.1/native?own=1");
    let other = Client::public("other").redirect_uri("http://127.0.0.1:4000/callback");
    let batch = Client::confidential("batch", "secret");
    Registration::read(vec![page, other, batch], vec!["items:read".to_owned()]).unwrap()
}

/// Reads an authorization request whose parameters are valid, except that one parameter is set to
/// `value`. The value `""` leaves the parameter out.
fn read(name: &str, value: &str) -> Result<AuthorizationRequest, RequestError> {
    let good = GOOD.into_iter().filter(|(known, _)| *known != name);
    let pairs =
        good.chain([(name, value)]).map(|(name, value)| (name.to_owned(), value.to_owned()));
    AuthorizationRequest::read(&Parameters::new(pairs.collect()), &registration())
}

#[test]
fn a_public_client_may_use_any_port_if_it_registered_none() {
    let requested = "http://127.0.0.1:49152/native?own=1";
    let request = read("redirect_uri", requested).unwrap();
    assert_eq!(request.redirect_target.redirect_uri.text, requested);
    let url = request.redirect_target.with(&[("code", "x")], "http://127.0.0.1:1");
    assert!(url.as_str().starts_with(requested), "{url}");

    let web = Client::confidential("web", "secret").redirect_uri("http://127.0.0.1/");
    let registration = Registration::read(vec![web], Vec::new()).unwrap();
    let client = registration.client("web").unwrap();
    assert!(client.redirect_uri("http://127.0.0.1/").is_some());
    assert!(client.redirect_uri("http://127.0.0.1:3001/").is_none());
}

#[test]
fn values_without_effect_on_the_response_are_accepted() {
    for (name, value) in [("response_mode", "query"), ("prompt", "login"), ("max_age", "0")] {
        assert!(read(name, value).is_ok(), "{name}={value}");
    }
    assert!(read("scope", "openid items:read").is_ok());
    assert_eq!(read("nonce", "").unwrap().requested.nonce, None);
}

#[test]
fn a_good_request_is_read() {
    let request = read("unknown", "ignored").unwrap();
    assert_eq!(request.client_id, "page");
    assert_eq!(request.requested.access.scope, ["items:read"]);
    assert_eq!(request.requested.access.audience, ["https://h/a"]);
    assert_eq!(request.requested.nonce.as_deref(), Some("n"));
    let url = request.redirect_target.with(&[("code", "x/y")], "http://127.0.0.1:1");
    assert_eq!(
        url.as_str(),
        "http://127.0.0.1:3000/callback?own=1&code=x%2Fy&iss=http%3A%2F%2F127.0.0.1%3A1&state=a%26b%3Dc"
    );
}

#[test]
fn no_redirect_goes_to_an_unregistered_address() {
    let cases = [
        ("client_id", ""),
        ("client_id", "unknown"),
        ("client_id", "Page"),
        // The redirect URI belongs to another client.
        ("client_id", "other"),
        ("client_id", "batch"),
        ("redirect_uri", ""),
        ("redirect_uri", "http://127.0.0.1:3000/callback"),
        ("redirect_uri", "http://127.0.0.1:3000/callback?own=1#x"),
        ("redirect_uri", "http://127.0.0.1:3000/callback?own=1&x"),
        ("redirect_uri", "http://localhost:3000/callback?own=1"),
        ("redirect_uri", "http://127.0.0.1:3000/CALLBACK?own=1"),
        ("redirect_uri", "http://127.0.0.1:3001/callback?own=1"),
        ("redirect_uri", "http://127.0.0.1:3000/x/../callback?own=1"),
        ("redirect_uri", "https://app.example.com@evil.example/callback"),
        ("redirect_uri", "javascript:alert(1)"),
    ];
    for (name, value) in cases {
        let refused = read(name, value).unwrap_err();
        assert!(matches!(refused, RequestError::ToUser(_)), "{name}={value}");
    }
}

#[test]
fn other_errors_are_sent_to_the_client() {
    let cases = [
        ("response_type", "", ErrorCode::InvalidRequest),
        ("response_type", "token", ErrorCode::UnsupportedResponseType),
        ("response_type", "code token", ErrorCode::UnsupportedResponseType),
        ("code_challenge", "", ErrorCode::InvalidRequest),
        ("code_challenge", "short", ErrorCode::InvalidRequest),
        ("code_challenge_method", "", ErrorCode::InvalidRequest),
        ("code_challenge_method", "plain", ErrorCode::InvalidRequest),
        ("scope", "items:admin", ErrorCode::InvalidScope),
        ("resource", "/items", ErrorCode::InvalidTarget),
        ("response_mode", "form_post", ErrorCode::InvalidRequest),
        ("prompt", "none", ErrorCode::LoginRequired),
        ("prompt", "login none", ErrorCode::LoginRequired),
        ("request", "a.b.c", ErrorCode::RequestNotSupported),
        ("request_uri", "urn:example:a", ErrorCode::RequestUriNotSupported),
    ];
    for (name, value, expected) in cases {
        let RequestError::ToClient(redirect_target, error) = read(name, value).unwrap_err() else {
            panic!("{name}={value}")
        };
        assert_eq!(error.code, expected, "{name}={value}");
        assert_eq!(redirect_target.state.as_deref(), Some("a&b=c"));
    }
}

#[test]
fn no_parameter_may_appear_twice() {
    // `resource` may appear several times (RFC 8707 section 2).
    for (doubled, value) in GOOD.into_iter().filter(|(name, _)| *name != "resource") {
        let pairs = GOOD
            .into_iter()
            .chain([(doubled, value)])
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let parameters = Parameters::new(pairs.collect());
        let refused = AuthorizationRequest::read(&parameters, &registration()).unwrap_err();
        match refused {
            RequestError::ToUser(_) => assert!(["client_id", "redirect_uri"].contains(&doubled)),
            RequestError::ToClient(redirect_target, error) => {
                assert_eq!(error.description, format!("`{doubled}` appears twice"));
                assert_eq!(redirect_target.state.is_none(), doubled == "state");
            }
        }
    }
}
