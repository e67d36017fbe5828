//! Runs an example program as a user does.

use std::env;
use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The beginnings of the names of the variables that the programs read.
const PREFIXES: [&str; 6] =
    ["ITEMS_API_", "NOTES_APP_", "OAUTH_", "ORDERS_API_", "PAYMENTS_API_", "RUST_LOG"];

/// Returns the command that starts the program with these variables. The program inherits none of
/// the environment variables that it reads.
pub(crate) fn command(binary: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(binary);
    let own = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in own.filter(|name| PREFIXES.iter().any(|prefix| name.starts_with(prefix))) {
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
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
