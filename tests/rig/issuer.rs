//! An issuer on loopback that sends scripted responses and records its requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum_protected_testing::{SigningKeys, TokenBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::{AUDIENCE, bounded, keys};

pub const OPENID: &str = "/.well-known/openid-configuration";
pub const OAUTH: &str = "/.well-known/oauth-authorization-server";
pub const JWKS: &str = "/jwks";
const PING: &str = "/ping";

/// A scripted response, and the manner in which the issuer sends it.
#[derive(Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub manner: Manner,
}

#[derive(Clone)]
pub enum Manner {
    AtOnce,
    Later(Duration),
    When(Gate),
    /// Sends single bytes of the body, with a pause after each byte.
    Slowly(Duration),
    /// Sends half of the body, then closes the connection.
    Half,
    /// Reads the request and closes the connection.
    Cut,
    /// Reads the request and waits until the client disconnects.
    Never,
}

impl Reply {
    pub fn text(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into(), manner: Manner::AtOnce }
    }

    pub fn json(body: &Value) -> Self {
        Self::text(200, body.to_string()).header("Content-Type", "application/json")
    }

    pub fn keys(keys: &SigningKeys) -> Self {
        Self::json(&keys.jwks())
    }

    pub fn never() -> Self {
        Self::text(200, "").manner(Manner::Never)
    }

    pub fn cut() -> Self {
        Self::text(200, "").manner(Manner::Cut)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn manner(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }

    fn head(&self) -> String {
        let length = match self.status {
            204 | 304 => String::new(),
            _ => format!("Content-Length: {}\r\n", self.body.len()),
        };
        let mut head = format!("HTTP/1.1 {} Scripted\r\n{length}", self.status);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head + "\r\n"
    }
}

/// A gate that delays responses until a test opens it. Clones share one gate.
#[derive(Clone)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Gate {
    pub fn shut() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    pub fn open(&self) {
        self.0.send_replace(true);
    }

    async fn opened(&self) {
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}

/// A request that the issuer received.
#[derive(Clone, Debug)]
pub struct ReceivedRequest {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl ReceivedRequest {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Memory {
    requests: Vec<ReceivedRequest>,
    connections: usize,
    open: usize,
}

struct Shared {
    script: Mutex<HashMap<String, Reply>>,
    down: Mutex<bool>,
    memory: watch::Sender<Memory>,
}

/// A scripted issuer. The issuer stops when `ScriptedIssuer` is dropped.
pub struct ScriptedIssuer {
    address: String,
    shared: Arc<Shared>,
    task: AbortHandle,
}

impl ScriptedIssuer {
    /// Starts an issuer with OpenID metadata and the shared keys.
    pub async fn start() -> Self {
        let issuer = Self::silent().await;
        issuer.publish_metadata(OPENID, &issuer.address);
        issuer.set(JWKS, Reply::keys(keys()));
        issuer
    }

    /// Starts an issuer that responds to every request with 404.
    pub async fn silent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            script: Mutex::default(),
            down: Mutex::new(false),
            memory: watch::Sender::default(),
        });
        let task = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self { address, shared, task: task.abort_handle() }
    }

    /// Returns the URL of the issuer, which by default is its identifier too.
    pub fn url(&self) -> &str {
        &self.address
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub fn set(&self, path: &str, reply: Reply) {
        let mut script = self.shared.script.lock().unwrap();
        script.insert(path.to_owned(), reply);
    }

    /// Removes the reply at this path and returns it. The issuer then responds with 404.
    pub fn take(&self, path: &str) -> Reply {
        let removed = self.shared.script.lock().unwrap().remove(path);
        removed.expect("a reply at this path")
    }

    /// Publishes metadata that names `issuer` at this path, with [`JWKS`] as the path of the key
    /// set.
    pub fn publish_metadata(&self, path: &str, issuer: &str) {
        let document = json!({ "issuer": issuer, "jwks_uri": self.at(JWKS) });
        self.set(path, Reply::json(&document));
    }

    /// Starts or stops an outage. During an outage the issuer closes every connection without an
    /// response.
    pub fn down(&self, down: bool) {
        *self.shared.down.lock().unwrap() = down;
    }

    pub fn token(&self) -> TokenBuilder {
        TokenBuilder::new(keys(), &self.address, AUDIENCE)
    }

    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.memory.borrow().requests.clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.requests().into_iter().map(|requests| requests.path).collect()
    }

    /// Returns the number of requests to this path.
    pub fn count(&self, path: &str) -> usize {
        count(&self.shared.memory.borrow(), path)
    }

    /// Returns the number of connections since the start.
    pub fn connections(&self) -> usize {
        self.shared.memory.borrow().connections
    }

    /// Waits until the issuer has received this number of requests to this path.
    pub async fn wait_for_requests(&self, path: &str, times: usize) {
        let what = format!("{times} requests to {path}");
        self.until(&what, |memory| count(memory, path) >= times).await;
    }

    /// Makes one round trip that the issuer does not record. Tasks that were due before the call of
    /// `ping` have started when `ping` returns.
    pub async fn ping(&self) {
        let address = self.address.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {PING} HTTP/1.1\r\n\r\n");
        let _ = stream.write_all(request.as_bytes()).await;
        let _ = bounded("an echo", stream.read(&mut [0; 64])).await;
    }

    /// Waits until the issuer has no open connection.
    pub async fn wait_for_disconnect(&self) {
        self.until("all connections are closed", |memory| memory.open == 0).await;
    }

    async fn until(&self, what: &str, condition: impl FnMut(&Memory) -> bool) {
        let mut memory = self.shared.memory.subscribe();
        bounded(what, memory.wait_for(condition)).await.unwrap();
    }
}

impl Drop for ScriptedIssuer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn count(memory: &Memory, path: &str) -> usize {
    memory.requests.iter().filter(|requests| requests.path == path).count()
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let _ = stream.set_nodelay(true);
        shared.memory.send_modify(|memory| {
            memory.connections += 1;
            memory.open += 1;
        });
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            converse(stream, &shared).await;
            shared.memory.send_modify(|memory| memory.open -= 1);
        });
    }
}

async fn converse(mut stream: TcpStream, shared: &Shared) {
    while let Some(requests) = request(&mut stream).await {
        let script = shared.script.lock().unwrap().get(&requests.path).cloned();
        let down = *shared.down.lock().unwrap();
        if requests.path != PING {
            shared.memory.send_modify(|memory| memory.requests.push(requests));
        }
        let reply = script.unwrap_or_else(|| Reply::text(404, "not found"));
        if down || answer(&mut stream, &reply).await.is_none() {
            return;
        }
    }
}

/// Sends the response. Returns `None` if the issuer must close the connection.
async fn answer(stream: &mut TcpStream, reply: &Reply) -> Option<()> {
    match &reply.manner {
        Manner::AtOnce | Manner::Slowly(_) | Manner::Half => {}
        Manner::Later(delay) => while_connected(stream, tokio::time::sleep(*delay)).await?,
        Manner::When(gate) => while_connected(stream, gate.opened()).await?,
        Manner::Never => while_connected(stream, std::future::pending()).await?,
        Manner::Cut => return None,
    }
    stream.write_all(reply.head().as_bytes()).await.ok()?;
    match &reply.manner {
        Manner::Slowly(pause) => {
            for byte in &reply.body {
                stream.write_all(&[*byte]).await.ok()?;
                while_connected(stream, tokio::time::sleep(*pause)).await?;
            }
        }
        Manner::Half => {
            let half = &reply.body[..reply.body.len() / 2];
            stream.write_all(half).await.ok()?;
            return None;
        }
        _ => stream.write_all(&reply.body).await.ok()?,
    }
    Some(())
}

/// Waits for the future. Returns `None` as soon as the client disconnects.
async fn while_connected(stream: &mut TcpStream, future: impl Future<Output = ()>) -> Option<()> {
    let mut byte = [0];
    tokio::select! {
        () = future => Some(()),
        _ = stream.read(&mut byte) => None,
    }
}

async fn request(stream: &mut TcpStream) -> Option<ReceivedRequest> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.trim_end().split("\r\n");
    let mut request = lines.next()?.split(' ');
    let mut received = ReceivedRequest {
        method: request.next()?.to_owned(),
        path: request.next()?.to_owned(),
        headers: lines
            .filter_map(|line| {
                let (name, value) = line.split_once(':')?;
                Some((name.to_owned(), value.trim().to_owned()))
            })
            .collect(),
        body: String::new(),
    };
    let length = received.header("content-length").map_or(Some(0), |text| text.parse().ok())?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    received.body = String::from_utf8(body).ok()?;
    Some(received)
}
