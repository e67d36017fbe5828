//! A program that is run beside the test, and ends with it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running program.
pub(crate) struct Program(Child);

impl Program {
    /// Starts it, and reads what it says up to the line with this word: what follows the word.
    pub(crate) fn start(mut command: Command, word: &str) -> (Self, String) {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let program = Self(child);
        let said = loop {
            let line = lines.next().unwrap().unwrap();
            if let Some((_, said)) = line.split_once(word) {
                break said.to_owned();
            }
        };
        // Read on: who writes to a closed pipe fails.
        std::thread::spawn(move || lines.for_each(drop));
        (program, said)
    }

    /// Waits until it has ended by itself.
    pub(crate) fn ended(mut self) {
        assert!(self.0.wait().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The example on a free port, and the address of its page.
pub(crate) fn browsable_api() -> (Program, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browsable-api"));
    command.env("BROWSABLE_API_ADDR", "127.0.0.1:0");
    Program::start(command, "open ")
}

/// What it says when it does not start.
pub(crate) fn refused(address: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browsable-api"));
    let output = command.env("BROWSABLE_API_ADDR", address).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}
