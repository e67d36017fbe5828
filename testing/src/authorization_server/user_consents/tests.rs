use super::super::access::NamedAccess;
use super::super::client::Client;
use super::super::grant::SignIn;
use super::super::parameters::Parameters;
use super::super::registered_clients::Registration;
use super::*;

const CALLBACK: &str = "http://127.0.0.1:3000/callback";

// The code verifier is the example of RFC 7636 appendix B.
const GOOD: PresentedCode<'_> = PresentedCode {
    client_id: "page",
    code: "code",
    redirect_uri: CALLBACK,
    code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    access: EVERYTHING,
    jkt: None,
    is_public: true,
};

/// The access of a token request that names none.
const EVERYTHING: NamedAccess<'_> =
    NamedAccess { scope: None, resources: Vec::new(), details: None };

const HOUR: Duration = Duration::from_secs(3600);

fn request() -> AuthorizationRequest {
    let page = Client::public("page").redirect_uri(CALLBACK);
    let scopes = ["a", "b", "c"].map(str::to_owned).to_vec();
    let registration = Registration::read(vec![page], scopes).unwrap();
    let query = "client_id=page&redirect_uri=http://127.0.0.1:3000/callback&response_type=code\
        &scope=a+b&resource=https://h/a&nonce=n&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
        &code_challenge_method=S256";
    AuthorizationRequest::read(&Parameters::of(query), &registration).unwrap()
}

fn names() -> CodeNames {
    CodeNames {
        code: "code".to_owned(),
        family: "family".to_owned(),
        session: "session".to_owned(),
    }
}

fn alice() -> SignedInUser {
    SignedInUser { subject: "alice".to_owned(), auth_time: 7 }
}

/// Returns a `Grants` value in which the user has consented to `request()`.
fn with_consent(now: Instant) -> Grants {
    let mut grants = Grants::new(HOUR);
    grants.open_page(request(), "ticket".to_owned(), now);
    grants.consent_to("ticket", alice(), names(), now).unwrap();
    grants
}

fn redeem(grants: &mut Grants, presented: &PresentedCode<'_>, now: Instant) -> Option<String> {
    let redeemed = grants.redeem(presented, "1".to_owned(), now);
    redeemed.ok().map(|(_, refresh_token)| refresh_token)
}

/// Returns the scope of the refreshed token, or the error.
fn refresh(
    grants: &mut Grants,
    token: &str,
    scope: Option<&str>,
    next: &str,
    now: Instant,
) -> Result<Vec<String>, ErrorCode> {
    let presented = PresentedRefreshToken {
        client_id: "page",
        token,
        access: NamedAccess { scope, ..EVERYTHING },
        jkt: None,
    };
    let refreshed = grants.refresh(&presented, next.to_owned(), now);
    refreshed
        .map(|(grant, refresh_token)| {
            assert_eq!(refresh_token, format!("family.{next}"));
            grant.access.scope
        })
        .map_err(|error| error.code)
}

#[test]
fn a_sign_in_page_is_valid_for_ten_minutes() {
    let now = Instant::now();
    let mut grants = Grants::new(HOUR);
    grants.open_page(request(), "ticket".to_owned(), now);
    let mut consent = |ticket: &str, seconds| {
        let later = now + Duration::from_secs(seconds);
        let redirect_target = grants.consent_to(ticket, alice(), names(), later);
        redirect_target.is_some()
    };
    assert!(consent("ticket", 599));
    assert!(!consent("ticket", 600));
    assert!(!consent("other", 0));
}

#[test]
fn a_code_is_bound_to_its_request() {
    let now = Instant::now();
    let (grant, _) = with_consent(now).redeem(&GOOD, String::new(), now).unwrap();
    assert_eq!((grant.subject.as_str(), grant.client_id.as_str()), ("alice", "page"));
    assert_eq!(grant.access.scope, ["a", "b"]);

    let wrong = [
        PresentedCode { client_id: "other", ..GOOD },
        PresentedCode { code: "guess", ..GOOD },
        PresentedCode { redirect_uri: "http://127.0.0.1:3000/callback/", ..GOOD },
        PresentedCode { code_verifier: "another-verifier-that-is-long-enough-to-be-one", ..GOOD },
    ];
    for presented in wrong {
        let mut grants = with_consent(now);
        assert_eq!(redeem(&mut grants, &presented, now), None);
        // The wrong request has made the code invalid, so the right request fails too.
        let again = redeem(&mut grants, &GOOD, now);
        assert_eq!(again.is_some(), presented.code != GOOD.code);
    }
}

#[test]
fn the_resource_of_a_token_is_that_of_the_consent() {
    let now = Instant::now();
    let at = |resource| NamedAccess { resources: vec![resource], ..EVERYTHING };
    let other = PresentedCode { access: at("https://h/b"), ..GOOD };
    let refused = with_consent(now).redeem(&other, String::new(), now);
    assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidTarget);

    let mut grants = with_consent(now);
    let same = PresentedCode { access: at("https://h/a"), ..GOOD };
    let (grant, token) = grants.redeem(&same, "1".to_owned(), now).unwrap();
    assert_eq!(grant.access.audience, ["https://h/a"]);
    let mut refresh = |resource| {
        let presented = PresentedRefreshToken {
            client_id: "page",
            token: &token,
            access: NamedAccess { resources: vec![resource], ..EVERYTHING },
            jkt: None,
        };
        let refreshed = grants.refresh(&presented, "2".to_owned(), now);
        refreshed.map(|(grant, _)| grant.access.audience).map_err(|error| error.code)
    };
    assert_eq!(refresh("https://h/b"), Err(ErrorCode::InvalidTarget));
    // The refused request leaves the refresh token valid.
    assert_eq!(refresh("https://h/a"), Ok(vec!["https://h/a".to_owned()]));
}

#[test]
fn the_nonce_is_in_the_first_grant_only() {
    let now = Instant::now();
    let mut grants = with_consent(now);
    let (grant, token) = grants.redeem(&GOOD, "1".to_owned(), now).unwrap();
    let sign_in = |nonce: Option<&str>| {
        Some(SignIn {
            auth_time: 7,
            acr: None,
            nonce: nonce.map(str::to_owned),
            session: "session".to_owned(),
        })
    };
    assert_eq!(grant.sign_in, sign_in(Some("n")));
    let presented =
        PresentedRefreshToken { client_id: "page", token: &token, access: EVERYTHING, jkt: None };
    let (grant, _) = grants.refresh(&presented, "2".to_owned(), now).unwrap();
    assert_eq!(grant.sign_in, sign_in(None));
}

#[test]
fn an_access_token_is_known_for_its_lifetime() {
    let now = Instant::now();
    let mut grants = with_consent(now);
    let (grant, _) = grants.redeem(&GOOD, String::new(), now).unwrap();
    grants.record("token".to_owned(), grant.clone(), now);
    let last = now + HOUR - Duration::from_nanos(1);
    assert_eq!(grants.recorded("token", last), Some(&grant));
    assert_eq!(grants.recorded("other", now), None);
    assert_eq!(grants.recorded("token", now + HOUR), None);
}

#[test]
fn the_end_of_a_session_revokes_its_code_and_its_tokens() {
    let now = Instant::now();
    let is_of = |subject: &'static str| move |grant: &Grant| grant.subject == subject;
    let mut grants = with_consent(now);
    assert_eq!(grants.end_sessions(is_of("alice"), now), []);
    assert_eq!(redeem(&mut grants, &GOOD, now), None);

    let mut grants = with_consent(now);
    let (grant, token) = grants.redeem(&GOOD, "1".to_owned(), now).unwrap();
    grants.record("access".to_owned(), grant.clone(), now);
    grants.record_id_token("id".to_owned(), grant.clone(), now);
    assert_eq!(grants.end_sessions(is_of("bob"), now), []);
    let ended = grants.end_sessions(is_of("alice"), now);
    assert_eq!(ended.iter().map(Grant::session).collect::<Vec<_>>(), [Some("session")]);
    assert_eq!(refresh(&mut grants, &token, None, "2", now), Err(ErrorCode::InvalidGrant));
    assert_eq!(grants.recorded("access", now), None);
    // A client may start a logout with its ID token after the session has ended.
    assert_eq!(grants.recorded_id_token("id", now), Some(&grant));
    assert_eq!(grants.end_sessions(is_of("alice"), now), []);
}

#[test]
fn a_code_is_valid_for_a_minute() {
    let now = Instant::now();
    let at = |seconds| {
        let later = now + Duration::from_secs(seconds);
        redeem(&mut with_consent(now), &GOOD, later)
    };
    assert!(at(59).is_some());
    assert!(at(60).is_none());
}

#[test]
fn a_code_that_is_presented_twice_ends_its_refresh_tokens() {
    let now = Instant::now();
    let mut grants = with_consent(now);
    let token = redeem(&mut grants, &GOOD, now).unwrap();
    assert_eq!(redeem(&mut grants, &GOOD, now), None);
    let refused = refresh(&mut grants, &token, None, "2", now);
    assert_eq!(refused, Err(ErrorCode::InvalidGrant));
}

#[test]
fn each_refresh_token_is_valid_once() {
    let now = Instant::now();
    let mut grants = with_consent(now);
    let first = redeem(&mut grants, &GOOD, now).unwrap();
    let all = Ok(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(refresh(&mut grants, &first, None, "2", now), all);
    assert_eq!(refresh(&mut grants, "family.2", None, "3", now), all);
    // A second use of the first refresh token revokes all refresh tokens of the family, so neither
    // the client nor a thief can use them.
    let refused = Err(ErrorCode::InvalidGrant);
    assert_eq!(refresh(&mut grants, &first, None, "4", now), refused);
    assert_eq!(refresh(&mut grants, "family.3", None, "5", now), refused);
}

#[test]
fn a_refresh_can_narrow_the_scope_and_never_widen_it() {
    let now = Instant::now();
    let mut grants = with_consent(now);
    redeem(&mut grants, &GOOD, now).unwrap();
    let scopes = |scopes: &[&str]| Ok(scopes.iter().map(ToString::to_string).collect());
    let less = refresh(&mut grants, "family.1", Some("b"), "2", now);
    assert_eq!(less, scopes(&["b"]));
    // The scope `c` exists, but the user did not grant `c`. The refresh token of the refused
    // request stays valid.
    let more = refresh(&mut grants, "family.2", Some("a c"), "3", now);
    assert_eq!(more, Err(ErrorCode::InvalidScope));
    let whole = refresh(&mut grants, "family.2", None, "3", now);
    assert_eq!(whole, scopes(&["a", "b"]));
}

#[test]
fn a_refresh_token_belongs_to_its_client_and_ends_a_day_after_the_code() {
    let now = Instant::now();
    let mut grants = with_consent(now);
    let token = redeem(&mut grants, &GOOD, now).unwrap();
    let of_another =
        PresentedRefreshToken { client_id: "other", token: &token, access: EVERYTHING, jkt: None };
    let refused = grants.refresh(&of_another, "2".to_owned(), now);
    assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidGrant);
    for garbage in ["", ".", "family", "unknown.1"] {
        let refused = refresh(&mut grants, garbage, None, "2", now);
        assert_eq!(refused, Err(ErrorCode::InvalidGrant), "{garbage}");
    }
    let day = Duration::from_secs(24 * 3600);
    let late = now + day - Duration::from_secs(1);
    assert!(refresh(&mut grants, &token, None, "2", late).is_ok());
    assert!(refresh(&mut grants, "family.2", None, "3", now + day).is_err());
}
