//! A raw HTTP client, which sends the exact bytes of a request and keeps the complete response.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::bounded;

/// A request, which a test can make malformed.
#[derive(Clone)]
pub struct Call {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Call {
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// Makes a POST request whose body is a new item.
    pub fn post(target: &str) -> Self {
        Self::new("POST", target).json(r#"{"name":"widget"}"#)
    }

    pub fn json(mut self, body: &str) -> Self {
        body.as_bytes().clone_into(&mut self.body);
        self.header("Content-Type", "application/json")
    }

    /// Adds a header line with this name and value.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// Returns the bytes of the request line and the headers.
    pub fn head(&self) -> Vec<u8> {
        let mut octets = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        let length = self.body.len().to_string();
        let own = [("Host", "api.example.com"), ("Content-Length", &length)]
            .map(|(name, value)| (name.to_owned(), value.as_bytes().to_owned()));
        for (name, value) in own.iter().chain(&self.headers) {
            for part in [name.as_bytes(), b": ", value, b"\r\n"] {
                octets.extend_from_slice(part);
            }
        }
        octets.extend_from_slice(b"\r\n");
        octets
    }

    /// Sends the request on a new connection and returns the response.
    pub async fn send(&self, address: SocketAddr) -> Answer {
        let answer = self.try_send(address).await;
        answer.expect("the connection was closed")
    }

    /// Sends the request on a new connection. Returns `None` if the server closed the connection
    /// without a response.
    pub async fn try_send(&self, address: SocketAddr) -> Option<Answer> {
        Connection::open(address).await.call(self).await
    }
}

/// A keep-alive connection.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let read = Vec::new();
        Self { stream, read }
    }

    pub async fn call(&mut self, call: &Call) -> Option<Answer> {
        // The server may respond and close the connection before the client has sent the complete
        // request.
        let octets = [call.head(), call.body.clone()].concat();
        let _ = self.write(&octets).await;
        self.answer(&call.method).await
    }

    pub async fn write(&mut self, octets: &[u8]) -> std::io::Result<()> {
        bounded("sending the request", self.stream.write_all(octets)).await
    }

    /// Reads the next response. `method` is the method of the request that belongs to the response.
    pub async fn answer(&mut self, method: &str) -> Option<Answer> {
        bounded("an answer", self.read_answer(method)).await
    }

    async fn read_answer(&mut self, method: &str) -> Option<Answer> {
        let end = loop {
            if let Some(end) = find(&self.read, b"\r\n\r\n") {
                break end + 4;
            }
            self.read_more().await?;
        };
        let head = self.read[..end].to_owned();
        let (status, headers) = parse(&head);
        let mut answer =
            Answer { method: method.to_owned(), status, headers, head, body: Vec::new() };
        let length = answer.header("content-length").unwrap_or_default();
        let length = match length.as_str() {
            "" => 0,
            _ if method == "HEAD" => 0,
            length => length.parse().unwrap(),
        };
        while self.read.len() < end + length {
            self.read_more().await?;
        }
        self.read[end..end + length].clone_into(&mut answer.body);
        self.read.drain(..end + length);
        Some(answer)
    }

    async fn read_more(&mut self) -> Option<()> {
        match self.stream.read_buf(&mut self.read).await {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(()),
        }
    }
}

fn find(octets: &[u8], wanted: &[u8]) -> Option<usize> {
    octets.windows(wanted.len()).position(|window| window == wanted)
}

fn parse(head: &[u8]) -> (u16, Vec<(String, String)>) {
    let head = String::from_utf8(head.to_owned()).expect("a head in ASCII");
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    (
        status.parse().unwrap(),
        lines
            .map(|line| {
                let (name, value) = line.split_once(':').expect("a field line");
                (name.to_ascii_lowercase(), value.trim().to_owned())
            })
            .collect(),
    )
}

/// The status, headers and complete body of a response.
#[derive(Debug)]
pub struct Answer {
    pub method: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub head: Vec<u8>,
    pub body: Vec<u8>,
}

impl Answer {
    /// Returns the values of all lines of this header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// Returns the value of the only line of this header.
    pub fn header(&self, name: &str) -> Option<String> {
        let all = self.all(name);
        assert!(all.len() <= 1, "{name} in {} lines", all.len());
        all.first().map(ToString::to_string)
    }

    /// Returns every header in order, except `date`, which changes each second.
    pub fn undated_headers(&self) -> Vec<(&str, &str)> {
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| *name != "date")
            .collect()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("a body in UTF-8")
    }

    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body in JSON")
    }

    /// Returns true if this text appears anywhere in the response.
    pub fn contains(&self, wanted: &str) -> bool {
        let wanted = wanted.as_bytes();
        find(&self.head, wanted).is_some() || find(&self.body, wanted).is_some()
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
