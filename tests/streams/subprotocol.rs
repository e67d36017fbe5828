//! Tests tokens of websockets in the header `Sec-WebSocket-Protocol`.

use axum_protected::ResourceServer;
use axum_protected_tests::{Call, ScriptedIssuer, ready, trusting};

use super::api::Api;
use super::lasting;

/// Makes the opening handshake of RFC 6455 section 1.2.
fn handshake(path: &str) -> Call {
    plain(path).header("Connection", "keep-alive, Upgrade").header("Upgrade", "websocket")
}

fn plain(path: &str) -> Call {
    Call::get(path)
        .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("Sec-WebSocket-Version", "13")
}

const PROTOCOL: &str = "Sec-WebSocket-Protocol";

struct Bench {
    issuer: ScriptedIssuer,
    api: Api,
}

impl Bench {
    async fn start(configured: bool, remembered: usize) -> Self {
        let issuer = ScriptedIssuer::start().await;
        let builder = trusting(issuer.url()).verified_token_bytes(remembered);
        let builder = if configured { builder.websocket_protocol_token() } else { builder };
        let server: ResourceServer = builder.build().unwrap();
        ready(&server).await;
        let api = Api::serve(server).await;
        Self { issuer, api }
    }

    fn token(&self, subject: &str) -> String {
        lasting(self.issuer.token()).subject(subject).sign()
    }

    /// Sends the request. Returns the status of the response, and the code of the refusal or the
    /// body.
    async fn outcome(&self, call: &Call) -> (u16, String) {
        let answer = call.send(self.api.address).await;
        let code = match answer.status {
            101 => String::new(),
            200 => answer.text(),
            _ => answer.value()["code"].as_str().unwrap().to_owned(),
        };
        (answer.status, code)
    }

    async fn check(&self, name: &str, call: &Call, status: u16, expected: &str) {
        // The second request uses the cached token.
        for _ in 0..2 {
            let outcome = self.outcome(call).await;
            assert_eq!(outcome, (status, expected.to_owned()), "{name}");
        }
    }
}

#[tokio::test]
async fn an_upgrade_may_have_one_token_in_one_place() {
    for remembered in [0, 1 << 20] {
        let bench = Bench::start(true, remembered).await;
        let alice = bench.token("alice");
        let entry = format!("bearer.{alice}");
        let expired = lasting(bench.issuer.token()).expired().sign();
        let offer = |text: &str| handshake("/echo").header(PROTOCOL, text);
        let cases = [
            ("first", offer(&format!("{entry}, chat")), 101, ""),
            ("last", offer(&format!("chat,{entry}")), 101, ""),
            ("alone", offer(&entry), 101, ""),
            ("with spaces", offer(&format!(" chat ,\t {entry} ,, ")), 101, ""),
            ("in a second line", offer("chat").header(PROTOCOL, &entry), 101, ""),
            ("the usual way", offer("chat").bearer(&alice), 101, ""),
            ("malformed", offer("bearer.abc"), 401, "malformed_token"),
            ("expired", offer(&format!("bearer.{expired}")), 401, "expired_token"),
        ];
        for (name, call, status, code) in cases {
            bench.check(name, &call, status, code).await;
        }
    }
}

#[tokio::test]
async fn a_token_says_where_the_request_presents_it() {
    for remembered in [0, 1 << 20] {
        let bench = Bench::start(true, remembered).await;
        let alice = bench.token("alice");
        let offer = handshake("/place").header(PROTOCOL, format!("bearer.{alice}"));
        bench.check("offered", &offer, 200, "WebSocketProtocol").await;
        let header = Call::get("/place").bearer(&alice);
        bench.check("in the header", &header, 200, "Authorization").await;
        bench.check("offered again", &offer, 200, "WebSocketProtocol").await;
    }
}

#[tokio::test]
async fn other_subprotocols_are_not_a_token() {
    for remembered in [0, 1 << 20] {
        let bench = Bench::start(true, remembered).await;
        let (alice, bob) = (bench.token("alice"), bench.token("bob"));
        let entry = format!("bearer.{alice}");
        let longest = "a".repeat(16 * 1024 + 1);
        let offer = |text: &str| handshake("/echo").header(PROTOCOL, text);
        let absent = [
            ("none", offer("chat")),
            ("no list", handshake("/echo")),
            ("empty list", offer("")),
            ("bare", offer(&format!("chat, {alice}"))),
            ("another prefix", offer(&format!("Bearer.{alice}"))),
            ("as in a header", offer(&format!("Bearer {alice}"))),
            ("as a pair", offer(&format!("bearer, {alice}"))),
            ("inside", offer(&format!("x{entry}"))),
        ];
        let malformed = [
            ("empty", offer("chat, bearer.")),
            ("no token", offer("bearer.a b")),
            ("too long", offer(&format!("bearer.{longest}"))),
            ("twice", offer(&format!("{entry}, {entry}"))),
            ("two", offer(&format!("{entry}, bearer.{bob}"))),
            ("one of two empty", offer(&format!("{entry}, bearer."))),
            ("in two lines", offer(&entry).header(PROTOCOL, &entry)),
            ("two methods", offer(&entry).bearer(&alice)),
            ("two callers", offer(&entry).bearer(&bob)),
            ("beside another scheme", offer(&entry).header("Authorization", "Basic YTpi")),
            ("beside an empty header", offer(&entry).header("Authorization", "")),
        ];
        for (name, call) in absent {
            bench.check(name, &call, 401, "missing_token").await;
        }
        for (name, call) in malformed {
            bench.check(name, &call, 400, "invalid_request").await;
        }
    }
}

#[tokio::test]
async fn other_requests_cannot_use_the_subprotocol() {
    let bench = Bench::start(true, 1 << 20).await;
    let entry = format!("bearer.{}", bench.token("alice"));
    let upgrade = |call: Call| {
        call.header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("Sec-WebSocket-Version", "13")
    };
    let with_headers = |connection: &str, upgrade: &str| {
        plain("/me").header("Connection", connection).header("Upgrade", upgrade)
    };
    bench.check("an upgrade", &handshake("/me").header(PROTOCOL, &entry), 200, "alice").await;
    let cases = [
        ("plain", plain("/me")),
        ("a POST", upgrade(Call::new("POST", "/me"))),
        ("a PUT", upgrade(Call::new("PUT", "/me"))),
        ("without `Connection`", plain("/me").header("Upgrade", "websocket")),
        ("without `Upgrade`", plain("/me").header("Connection", "Upgrade")),
        ("another protocol", with_headers("Upgrade", "h2c")),
        ("a similar protocol", with_headers("Upgrade", "websockets")),
        ("not a connection upgrade", with_headers("keep-alive", "websocket")),
    ];
    for (name, call) in cases {
        let call = call.header(PROTOCOL, &entry);
        bench.check(name, &call, 401, "missing_token").await;
    }
    // A token in the `Authorization` header is valid although the server ignores the token in the
    // subprotocol.
    let both = plain("/me").header(PROTOCOL, &entry);
    let bob = bench.token("bob");
    bench.check("both", &both.bearer(&bob), 200, "bob").await;
}

#[tokio::test]
async fn without_the_option_the_subprotocol_is_ignored() {
    let bench = Bench::start(false, 1 << 20).await;
    let entry = format!("chat, bearer.{}", bench.token("alice"));
    let call = |path: &str| handshake(path).header(PROTOCOL, &entry);
    bench.check("ignored", &call("/echo"), 401, "missing_token").await;
    let bob = bench.token("bob");
    bench.check("beside a header", &call("/me").bearer(&bob), 200, "bob").await;
    bench.check("with an optional token", &call("/who"), 200, "nobody").await;
}

/// `Option<AccessToken>` is `None` if neither the header nor the subprotocol has a credential.
/// Checks read the same token as the handler.
#[tokio::test]
async fn every_extractor_reads_the_subprotocol() {
    for remembered in [0, 1 << 20] {
        let bench = Bench::start(true, remembered).await;
        let offer = |path: &str, token: &str| {
            handshake(path).header(PROTOCOL, format!("chat, bearer.{token}"))
        };
        let (alice, bob) = (bench.token("alice"), bench.token("bob"));
        bench.check("who", &offer("/who", &alice), 200, "alice").await;
        bench.check("nobody", &handshake("/who"), 200, "nobody").await;
        bench.check("bad", &offer("/who", "abc"), 401, "malformed_token").await;
        bench.check("alice", &offer("/alice", &alice), 200, "alice").await;
        bench.check("bob", &offer("/alice", &bob), 403, "denied").await;
    }
}
