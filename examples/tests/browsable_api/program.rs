//! A child process that ends when its test ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running child process.
pub(crate) struct Program(Child);

impl Program {
    /// Starts the program, reads its output up to the line that contains this word, and returns the
    /// rest of that line.
    pub(crate) fn start(mut command: Command, word: &str) -> (Self, String) {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let program = Self(child);
        let rest = loop {
            let line = lines.next().unwrap().unwrap();
            if let Some((_, rest)) = line.split_once(word) {
                break rest.to_owned();
            }
        };
        // The thread reads the remaining output, because the program would fail to write to a
        // closed pipe.
        std::thread::spawn(move || lines.for_each(drop));
        (program, rest)
    }

    /// Waits until the program exits, and asserts success.
    pub(crate) fn wait(mut self) {
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the example on a free port, and returns the address of its page.
pub(crate) fn browsable_api() -> (Program, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browsable-api"));
    command.env("BROWSABLE_API_ADDR", "127.0.0.1:0");
    Program::start(command, "open ")
}

/// Runs the example with an address on which it cannot listen, and returns its error message.
pub(crate) fn start_error(address: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browsable-api"));
    let output = command.env("BROWSABLE_API_ADDR", address).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}
