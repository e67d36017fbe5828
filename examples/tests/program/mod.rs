//! Runs an example program as a user does, and sends the requests that it prints.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

use axum_protected::ResourceServer;
use reqwest::{Client, Method};

/// Returns the command that starts the program with these variables. The program inherits none of
/// the environment variables that it reads.
pub(crate) fn command(binary: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(binary);
    for name in ["ITEMS_API_CONFIG", "ORDERS_API_CONFIG", "RUST_LOG"] {
        command.env_remove(name);
    }
    for name in ResourceServer::environment_variables() {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running program. The process is killed when `Running` is dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts the program on a free port.
    pub(crate) fn start(binary: &str, address_variable: &str) -> Self {
        Self::start_with(binary, address_variable, &[])
    }

    /// Starts the program on a free port with further environment variables.
    pub(crate) fn start_with(
        binary: &str,
        address_variable: &str,
        variables: &[(&str, &str)],
    ) -> Self {
        // No proxy listens at this address, so a request fails if the program sends it to a proxy.
        // Requests to loopback must not use a proxy.
        let loopback = [
            (address_variable, "127.0.0.1:0"),
            ("HTTP_PROXY", "http://127.0.0.1:9"),
            ("http_proxy", "http://127.0.0.1:9"),
        ];
        let variables = [&loopback, variables].concat();
        let mut child = command(binary, &variables).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    pub(crate) fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    /// Sends the printed requests up to and including the request of the public route. Asserts that
    /// each response has the printed status, and returns the statuses.
    pub(crate) async fn answers(&mut self) -> Vec<u16> {
        assert!(self.line().starts_with("listening on http://127.0.0.1:"));
        let mut answers = Vec::new();
        loop {
            let line = self.line();
            let Some(expectation) = line.strip_prefix("# ") else {
                continue;
            };
            let answer = status_of(&self.line()).await;
            assert!(expectation.starts_with(&format!("{answer}: ")), "{answer}, {expectation}");
            answers.push(answer);
            if expectation.ends_with(": public") {
                return answers;
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Splits a printed `curl` command into its arguments and removes the quotes.
fn arguments(line: &str) -> Vec<String> {
    let mut arguments = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => arguments.push(String::new()),
            letter => arguments.last_mut().unwrap().push(letter),
        }
    }
    arguments
}

/// Sends the request of `curl -i URL [-X METHOD] [-H HEADER]... [-d BODY]` and returns the status.
async fn status_of(line: &str) -> u16 {
    let arguments = arguments(line);
    let [curl, flag, url, options @ ..] = arguments.as_slice() else { panic!("{line}") };
    assert_eq!([curl, flag], ["curl", "-i"]);
    let mut request = Client::new().request(method(options), url);
    for pair in options.chunks(2) {
        request = match (pair[0].as_str(), pair[1].split_once(": ")) {
            ("-H", Some((name, value))) => request.header(name, value),
            ("-d", _) => request.body(pair[1].clone()),
            ("-X", _) => request,
            _ => panic!("{pair:?}"),
        };
    }
    request.send().await.unwrap().status().as_u16()
}

fn method(options: &[String]) -> Method {
    let mut pairs = options.chunks(2);
    match pairs.find(|pair| pair[0] == "-X") {
        Some(pair) => pair[1].parse().unwrap(),
        None if options.iter().any(|option| option == "-d") => Method::POST,
        None => Method::GET,
    }
}
