use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;
use crate::dpop::nonce_secret::NonceSecret;
use crate::error::RefusalKind::{InvalidDpopProof, ProofsUnavailable, UseDpopNonce, WrongProofKey};

const URL: &str = "https://api.example.com";
const TOKEN: &str = "the.access.token";

/// A clock that a test sets, in seconds since 1970.
#[derive(Debug)]
struct SetClock(AtomicU64);

impl Clock for SetClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

struct World {
    judge: DpopJudge,
    clock: Arc<SetClock>,
}

impl World {
    fn new() -> Self {
        Self::with_capacity(100)
    }

    fn with_capacity(capacity: usize) -> Self {
        let clock = Arc::new(SetClock(AtomicU64::new(1_000_000)));
        let judge = DpopJudge {
            algorithms: Algorithm::ALL.to_vec(),
            is_required: false,
            nonces: None,
            max_age: Duration::from_secs(60),
            base: BaseUri::of_public_url(&URL.parse().unwrap()),
            replays: Replays::in_memory(capacity),
            warnings: Warnings::default(),
            known_headers: KnownHeaders::new(),
            clock: Arc::<SetClock>::clone(&clock),
        };
        Self { judge, clock }
    }

    fn with_nonces() -> Self {
        let mut world = Self::new();
        world.judge.nonces = Nonces::new(&[NonceSecret::random().unwrap()]);
        world
    }

    async fn judge_for(&self, proof: &str, jkt: &Thumbprint) -> Result<(), Fault> {
        let presented = Presented {
            proof: &HeaderValue::from_str(proof).unwrap(),
            method: &Method::GET,
            uri: &Uri::from_static("http://127.0.0.1:3000/items?page=2"),
            ath: Thumbprint::of(TOKEN.as_bytes()),
            jkt,
        };
        self.judge.judge(presented).await.map_err(|error| error.fault().unwrap())
    }

    async fn judge(&self, key: &Key, proof: &str) -> Result<(), Fault> {
        self.judge_for(proof, &key.thumbprint()).await
    }
}

/// A key of a client.
enum Key {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(aws_lc_rs::signature::RsaKeyPair),
}

impl Key {
    fn generate() -> Self {
        Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Ec(_) => "ES256",
            Self::Ed(_) => "EdDSA",
            Self::Rsa(_) => "RS256",
        }
    }

    fn jwk(&self) -> Value {
        match self {
            Self::Ec(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({ "kty": "EC", "crv": "P-256", "x": b64(x), "y": b64(y) })
            }
            Self::Ed(key) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": b64(key.public_key().as_ref()) })
            }
            Self::Rsa(key) => {
                let n = key.public_key().modulus().big_endian_without_leading_zero();
                json!({ "kty": "RSA", "n": b64(n), "e": "AQAB" })
            }
        }
    }

    /// Computes the thumbprint from the order of the members, independently of the judge.
    fn thumbprint(&self) -> Thumbprint {
        let jwk = self.jwk();
        let names: &[&str] = match self {
            Self::Ec(_) => &["crv", "kty", "x", "y"],
            Self::Ed(_) => &["crv", "kty", "x"],
            Self::Rsa(_) => &["e", "kty", "n"],
        };
        let members = names.iter().map(|name| format!("\"{name}\":{}", jwk[name]));
        Thumbprint::of(format!("{{{}}}", members.collect::<Vec<_>>().join(",")).as_bytes())
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Ec(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Ed(key) => key.sign(message).as_ref().to_vec(),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    fn sign_texts(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", b64(header), b64(claims));
        let signature = b64(self.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }
}

fn b64(octets: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

fn header(key: &Key) -> Value {
    json!({ "typ": "dpop+jwt", "alg": key.algorithm(), "jwk": key.jwk() })
}

fn claims() -> Value {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let ath = b64(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, TOKEN.as_bytes()));
    json!({
        "jti": format!("p{}", COUNT.fetch_add(1, Ordering::SeqCst)),
        "htm": "GET",
        "htu": format!("{URL}/items"),
        "iat": 1_000_000,
        "ath": ath,
    })
}

/// Returns the object with another value of one member, or without it for `null`.
fn with(mut object: Value, name: &str, value: Value) -> Value {
    let members = object.as_object_mut().unwrap();
    members.remove(name);
    if !value.is_null() {
        members.insert(name.to_owned(), value);
    }
    object
}

fn signed(key: &Key, header: &Value, claims: &Value) -> String {
    key.sign_texts(&header.to_string(), &claims.to_string())
}

#[tokio::test]
async fn a_proof_of_each_kind_of_key_is_accepted() {
    let world = World::new();
    for key in [
        Key::generate(),
        Key::Ed(Ed25519KeyPair::generate().unwrap()),
        Key::Rsa(aws_lc_rs::signature::RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
    ] {
        let proof = signed(&key, &header(&key), &claims());
        assert_eq!(world.judge(&key, &proof).await, Ok(()), "{}", key.algorithm());
        assert_eq!(world.judge(&key, &proof).await, Err(Fault::ProofRepeated));
    }
}

#[tokio::test]
async fn further_parameters_claims_and_members_of_the_key_are_accepted() {
    let (world, key) = (World::new(), Key::generate());
    let jwk = with(with(key.jwk(), "kid", json!("a")), "use", json!("sig"));
    for (header, claims) in [
        (with(header(&key), "jwk", jwk), claims()),
        (with(header(&key), "kid", json!("a")), claims()),
        (header(&key), with(claims(), "nonce", json!("of another server"))),
        (header(&key), with(claims(), "nonce", json!(7))),
        (header(&key), with(claims(), "exp", json!(0))),
        (header(&key), with(claims(), "iat", json!(999_999.5))),
        (header(&key), with(claims(), "jti", json!("j".repeat(512)))),
        (header(&key), with(claims(), "htu", json!("HTTPS://API.example.com:443/%69tems?x#y"))),
    ] {
        let proof = signed(&key, &header, &claims);
        assert_eq!(world.judge(&key, &proof).await, Ok(()), "{header} {claims}");
    }
}

#[tokio::test]
async fn a_proof_with_one_defect_is_refused() {
    let (world, key) = (World::new(), Key::generate());
    let jwk = |name: &str, value: Value| with(header(&key), "jwk", with(key.jwk(), name, value));
    let y = key.jwk()["y"].as_str().unwrap().to_owned();
    let off_curve = b64([7; 32]);
    let zero = json!({ "kty": "OKP", "crv": "Ed25519", "x": b64([0; 32]) });
    let small_rsa = json!({ "kty": "RSA", "n": b64([0xFF; 128]), "e": "AQAB" });
    let headers = [
        (with(header(&key), "typ", Value::Null), Fault::ProofTyp),
        (with(header(&key), "typ", json!("JWT")), Fault::ProofTyp),
        (with(header(&key), "typ", json!("DPOP+JWT")), Fault::ProofTyp),
        (with(header(&key), "typ", json!("application/dpop+jwt")), Fault::ProofTyp),
        (with(header(&key), "typ", json!(["dpop+jwt"])), Fault::ProofTyp),
        (with(header(&key), "alg", Value::Null), Fault::ProofAlg),
        (with(header(&key), "alg", json!("none")), Fault::ProofAlg),
        (with(header(&key), "alg", json!("HS256")), Fault::ProofAlg),
        (with(header(&key), "alg", json!("es256")), Fault::ProofAlg),
        (with(header(&key), "alg", json!("ES384")), Fault::ProofJwkOtherAlgorithm),
        (with(header(&key), "alg", json!("RS256")), Fault::ProofJwkOtherAlgorithm),
        (with(header(&key), "crit", json!(["exp"])), Fault::ProofCritical),
        (with(header(&key), "crit", json!([])), Fault::ProofCritical),
        (with(header(&key), "b64", json!(false)), Fault::ProofUnencoded),
        (with(header(&key), "jwk", Value::Null), Fault::ProofJwkMissing),
        (with(header(&key), "jwk", json!("{}")), Fault::ProofJwkNotObject),
        (with(header(&key), "jwk", json!({})), Fault::ProofJwkUnusable),
        (
            with(header(&key), "jwk", json!({ "kty": "oct", "k": b64("secret") })),
            Fault::ProofJwkUnusable,
        ),
        (with(header(&key), "jwk", zero), Fault::ProofJwkUnusable),
        (with(header(&key), "jwk", small_rsa), Fault::ProofJwkUnusable),
        (jwk("d", json!(b64([1; 32]))), Fault::ProofJwkUnusable),
        (jwk("k", json!("")), Fault::ProofJwkUnusable),
        (jwk("use", json!("enc")), Fault::ProofJwkUnusable),
        (jwk("key_ops", json!(["sign"])), Fault::ProofJwkUnusable),
        (jwk("alg", json!("ES384")), Fault::ProofJwkUnusable),
        (jwk("y", Value::Null), Fault::ProofJwkUnusable),
        (jwk("y", json!(format!("{y}="))), Fault::ProofJwkUnusable),
        (jwk("y", json!(b64([[0].as_slice(), &[1; 32]].concat()))), Fault::ProofJwkUnusable),
        (jwk("y", json!(off_curve)), Fault::ProofJwkUnusable),
    ];
    let claims_with_faults = [
        (with(claims(), "jti", Value::Null), Fault::ProofJti),
        (with(claims(), "jti", json!(7)), Fault::ProofJti),
        (with(claims(), "jti", json!("")), Fault::ProofJti),
        (with(claims(), "jti", json!("j".repeat(513))), Fault::ProofJti),
        (with(claims(), "htm", Value::Null), Fault::ProofHtm),
        (with(claims(), "htm", json!(["GET"])), Fault::ProofHtm),
        (with(claims(), "htm", json!("get")), Fault::ProofHtmOther),
        (with(claims(), "htm", json!("HEAD")), Fault::ProofHtmOther),
        (with(claims(), "htu", Value::Null), Fault::ProofHtu),
        (with(claims(), "htu", json!({})), Fault::ProofHtu),
        (with(claims(), "htu", json!("https://evil.example/items")), Fault::ProofHtuOther),
        (with(claims(), "htu", json!("http://127.0.0.1:3000/items")), Fault::ProofHtuOther),
        (with(claims(), "iat", Value::Null), Fault::ProofIat),
        (with(claims(), "iat", json!("1000000")), Fault::ProofIat),
        (with(claims(), "iat", json!(-1)), Fault::ProofIat),
        (with(claims(), "iat", json!(1e300)), Fault::ProofIat),
        (with(claims(), "iat", json!(999_939)), Fault::ProofIatPassed),
        (with(claims(), "iat", json!(0)), Fault::ProofIatPassed),
        (with(claims(), "iat", json!(1_000_011)), Fault::ProofIatAhead),
        (with(claims(), "iat", json!(10_000_000_000_u64)), Fault::ProofIatAhead),
        (with(claims(), "ath", Value::Null), Fault::ProofAth),
        (with(claims(), "ath", json!(7)), Fault::ProofAth),
        (with(claims(), "ath", json!("")), Fault::ProofAthOther),
        (with(claims(), "ath", json!(b64([0; 32]))), Fault::ProofAthOther),
        (
            with(claims(), "ath", json!(format!("{}=", claims()["ath"].as_str().unwrap()))),
            Fault::ProofAthOther,
        ),
    ];
    let headers = headers.into_iter().map(|(header, fault)| (header, claims(), fault));
    let claims_with_faults =
        claims_with_faults.into_iter().map(|(claims, fault)| (header(&key), claims, fault));
    let cases: Vec<_> = headers.chain(claims_with_faults).collect();
    let accepted = signed(&key, &header(&key), &with(claims(), "jti", json!("accepted")));
    for is_key_known in [false, true] {
        if is_key_known {
            assert_eq!(world.judge(&key, &accepted).await, Ok(()));
        }
        for (header, claims, fault) in &cases {
            let proof = signed(&key, header, claims);
            assert_eq!(world.judge(&key, &proof).await, Err(*fault), "{header} {claims}");
        }
    }

    // A key whose point is not on its curve, in a token that is bound to it.
    let bound = jwk("y", json!(off_curve));
    let bound_jkt = Thumbprint::of(
        format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":"{off_curve}"}}"#, key.jwk()["x"])
            .as_bytes(),
    );
    let proof = signed(&key, &bound, &claims());
    assert_eq!(world.judge_for(&proof, &bound_jkt).await, Err(Fault::ProofJwkUnusable));
}

#[tokio::test]
async fn a_text_that_is_not_a_proof_of_this_key_is_refused() {
    let (world, key, other) = (World::new(), Key::generate(), Key::generate());
    let good = signed(&key, &header(&key), &claims());
    let [head, body, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let forged = other.sign(format!("{head}.{body}").as_bytes());
    let texts = [
        (String::new(), Fault::ProofMalformed),
        ("abc".to_owned(), Fault::ProofMalformed),
        (format!("{head}.{body}"), Fault::ProofMalformed),
        (format!("{good}."), Fault::ProofMalformed),
        (format!("{good}="), Fault::ProofMalformed),
        (format!("{good},{good}"), Fault::ProofMalformed),
        (format!(" {good}"), Fault::ProofMalformed),
        (format!("{good}{}", "A".repeat(8192)), Fault::ProofTooLong),
        (format!("{head}.{body}."), Fault::ProofSignature),
        (format!("{head}.{body}.{}", b64(&forged)), Fault::ProofSignature),
        (format!("{head}.{}.{signature}", b64(claims().to_string())), Fault::ProofSignature),
        (key.sign_texts("{}{}", "{}"), Fault::ProofMalformed),
        (key.sign_texts(&header(&key).to_string(), "[]"), Fault::ProofMalformed),
        (
            key.sign_texts(&header(&key).to_string(), r#"{"jti":"a","jti":"a"}"#),
            Fault::ProofMalformed,
        ),
        (
            key.sign_texts(
                &header(&key).to_string().replace("\"alg\"", "\"alg\":\"x\",\"alg\""),
                "{}",
            ),
            Fault::ProofMalformed,
        ),
    ];
    for (proof, fault) in texts {
        assert_eq!(world.judge(&key, &proof).await, Err(fault), "{proof}");
        assert_eq!(fault.kind(), InvalidDpopProof);
    }
    assert_eq!(world.judge(&other, &good).await, Err(Fault::ProofKeyOther));
    assert_eq!(Fault::ProofKeyOther.kind(), WrongProofKey);
    assert_eq!(world.judge(&key, &good).await, Ok(()), "no refusal used the proof");
}

#[tokio::test]
async fn only_configured_algorithms_are_accepted() {
    let (mut world, key) = (World::new(), Key::generate());
    world.judge.algorithms = vec![Algorithm::EdDSA];
    let proof = signed(&key, &header(&key), &claims());
    assert_eq!(world.judge(&key, &proof).await, Err(Fault::ProofAlg));
}

#[tokio::test]
async fn a_proof_is_accepted_in_its_time_and_remembered_for_that_time() {
    let (world, key) = (World::new(), Key::generate());
    let set = |seconds| world.clock.0.store(seconds, Ordering::SeqCst);
    for (iat, first, last) in [(1_000_000, 999_990, 1_000_060), (1_000_200, 1_000_190, 1_000_260)] {
        let proof = || signed(&key, &header(&key), &with(claims(), "iat", json!(iat)));
        let used = proof();
        set(first - 1);
        assert_eq!(world.judge(&key, &used).await, Err(Fault::ProofIatAhead));
        set(first);
        assert_eq!(world.judge(&key, &used).await, Ok(()));
        for time in [first, last] {
            set(time);
            assert_eq!(world.judge(&key, &used).await, Err(Fault::ProofRepeated), "{time}");
        }
        assert_eq!(world.judge(&key, &proof()).await, Ok(()), "another proof");
        set(last + 1);
        assert_eq!(world.judge(&key, &used).await, Err(Fault::ProofIatPassed));
        // A clock that jumped ahead empties the memory. The proof stays used.
        set(last + 1000);
        for _ in 0..90 {
            let later = with(claims(), "iat", json!(last + 1000));
            let _ = world.judge(&key, &signed(&key, &header(&key), &later)).await;
        }
        set(last);
        let again = world.judge(&key, &used).await;
        assert!(matches!(again, Err(Fault::ProofRepeated | Fault::ProofForgotten)), "{again:?}");
    }
}

#[tokio::test]
async fn a_full_memory_is_not_a_grant() {
    let (world, key) = (World::with_capacity(2), Key::generate());
    let proof = || signed(&key, &header(&key), &claims());
    assert_eq!(world.judge(&key, &proof()).await, Ok(()));
    let second = proof();
    assert_eq!(world.judge(&key, &second).await, Ok(()));
    assert_eq!(world.judge(&key, &proof()).await, Err(Fault::ProofsFull));
    assert_eq!(world.judge(&key, &second).await, Err(Fault::ProofRepeated));
    assert_eq!(Fault::ProofsFull.kind(), ProofsUnavailable);
    let uri = Uri::from_static("/items");
    let presented = Presented {
        proof: &HeaderValue::from_str(&proof()).unwrap(),
        method: &Method::GET,
        uri: &uri,
        ath: Thumbprint::of(TOKEN.as_bytes()),
        jkt: &key.thumbprint(),
    };
    let error = world.judge.judge(presented).await.unwrap_err();
    assert!(error.retry_after().is_some());
}

#[tokio::test]
async fn a_nonce_of_this_server_is_required_where_configured() {
    let (world, key) = (World::with_nonces(), Key::generate());
    let proof = |nonce: Value| signed(&key, &header(&key), &with(claims(), "nonce", nonce));
    let nonce = || world.judge.nonce().unwrap().to_str().unwrap().to_owned();
    assert_eq!(world.judge(&key, &proof(json!(nonce()))).await, Ok(()));
    let forged = World::with_nonces().judge.nonce().unwrap().to_str().unwrap().to_owned();
    for (nonce, fault) in [
        (Value::Null, Fault::ProofNonceMissing),
        (json!(""), Fault::ProofNonceOther),
        (json!(7), Fault::ProofNonceOther),
        (json!([nonce()]), Fault::ProofNonceOther),
        (json!(forged), Fault::ProofNonceOther),
    ] {
        assert_eq!(world.judge(&key, &proof(nonce.clone())).await, Err(fault), "{nonce}");
        assert_eq!(fault.kind(), UseDpopNonce);
    }
    let nonce = nonce();
    world.clock.0.store(1_000_000 + 360, Ordering::SeqCst);
    let late = with(with(claims(), "nonce", json!(nonce)), "iat", json!(1_000_360));
    let late = world.judge(&key, &signed(&key, &header(&key), &late)).await;
    assert_eq!(late, Err(Fault::ProofNonceOther));
    assert_eq!(World::new().judge.nonce(), None);
}

/// RFC 9449 sections 4.1 and 7.1.
#[tokio::test]
async fn the_proof_of_the_standard_is_accepted() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../../tests/data/rfc9449/proofs.json")).unwrap();
    let jkt = Thumbprint::parse(vectors["jkt"].as_str().unwrap()).unwrap();
    let [of_token_request, of_resource] = &vectors["proofs"].as_array().unwrap()[..] else {
        panic!("{vectors}")
    };
    let mut world = World::new();
    world.judge.base = BaseUri::of_public_url(&"https://resource.example.org".parse().unwrap());
    world.clock.0.store(1_562_262_618, Ordering::SeqCst);
    let presented = |proof: &HeaderValue, token: &str| {
        let (uri, method) = (Uri::from_static("/protectedresource"), Method::GET);
        let (proof, judge) = (proof.clone(), &world.judge);
        let ath = Thumbprint::of(token.as_bytes());
        async move {
            let presented = Presented { proof: &proof, method: &method, uri: &uri, ath, jkt: &jkt };
            judge.judge(presented).await.map_err(|error| error.fault().unwrap())
        }
    };
    let line = |vector: &Value| HeaderValue::from_str(vector["proof"].as_str().unwrap()).unwrap();
    let token = of_resource["access_token"].as_str().unwrap();
    assert_eq!(presented(&line(of_resource), "another").await, Err(Fault::ProofAthOther));
    assert_eq!(presented(&line(of_resource), token).await, Ok(()));
    assert_eq!(presented(&line(of_resource), token).await, Err(Fault::ProofRepeated));
    assert_eq!(presented(&line(of_token_request), token).await, Err(Fault::ProofAth));
}

mod stores {
    use super::*;
    use crate::dpop::replays::StoreOutage;
    use crate::dpop::{ProofUse, ReplayFuture, ReplayStore};

    /// A store that gives one answer, and records the calls.
    struct Store<F>(F);

    impl<F: Fn(ProofId, Duration) -> ReplayFuture<'static> + Send + Sync + 'static> ReplayStore
        for Store<F>
    {
        fn add(&self, proof: ProofId, time_to_live: Duration) -> ReplayFuture<'_> {
            (self.0)(proof, time_to_live)
        }
    }

    async fn judge(
        store: impl Fn(ProofId, Duration) -> ReplayFuture<'static> + Send + Sync + 'static,
    ) -> Result<(), TokenError> {
        let (mut world, key) = (World::new(), Key::generate());
        let store = Some::<Arc<dyn ReplayStore>>(Arc::new(Store(store)));
        world.judge.replays = Replays::new(100, store, StoreOutage::Refuse);
        let presented = Presented {
            proof: &HeaderValue::from_str(&signed(&key, &header(&key), &claims())).unwrap(),
            method: &Method::GET,
            uri: &Uri::from_static("/items"),
            ath: Thumbprint::of(TOKEN.as_bytes()),
            jkt: &key.thumbprint(),
        };
        world.judge.judge(presented).await
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_answer_that_a_proof_is_new_is_a_grant() {
        let fault =
            |outcome: Result<(), TokenError>| outcome.map_err(|error| error.fault().unwrap());
        let first = judge(|_, _| Box::pin(async { Ok(ProofUse::First) }));
        assert_eq!(fault(first.await), Ok(()));
        let repeated = judge(|_, _| Box::pin(async { Ok(ProofUse::Repeated) }));
        assert_eq!(fault(repeated.await), Err(Fault::ProofRepeated));
        let failure = judge(|proof, _| Box::pin(async move { Err(format!("no {proof}").into()) }));
        let error = failure.await.unwrap_err();
        assert_eq!(error.kind(), ProofsUnavailable);
        assert_eq!(error.fetch_error(), Some("no (proof)"));
        assert!(error.retry_after().is_some());
        let silent = judge(|_, _| Box::pin(std::future::pending())).await.unwrap_err();
        assert_eq!(silent.fetch_error(), Some("the store did not answer in time"));
    }

    #[tokio::test]
    async fn a_store_keeps_a_proof_for_the_rest_of_its_time_and_a_minute() {
        let answer = judge(|_, life| {
            assert_eq!(life, Duration::from_secs(120));
            Box::pin(async { Ok(ProofUse::First) })
        });
        assert_eq!(answer.await, Ok(()));
    }
    /// The memory of a process whose clock was set back knows less than the store.
    #[tokio::test]
    async fn a_clock_that_was_set_back_leaves_the_judgement_to_the_store() {
        let (mut world, key) = (World::new(), Key::generate());
        let first = |_, _| Box::pin(async { Ok(ProofUse::First) }) as ReplayFuture<'static>;
        let store = Some::<Arc<dyn ReplayStore>>(Arc::new(Store(first)));
        world.judge.replays = Replays::new(100, store, StoreOutage::Refuse);
        let (id, thumbprint) = (|name| ProofId::new(&[7; 32], name), key.thumbprint());
        let (now, end) = (SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + AHEAD);
        let later = end + AHEAD + AHEAD;
        let replays = &world.judge.replays;
        for (name, end, now) in [("a", end, now), ("b", later, later), ("c", end, now)] {
            assert!(replays.add(id(name), &thumbprint, end, now).await.is_ok(), "{name}");
        }
    }
}
