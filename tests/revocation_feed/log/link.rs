//! The connection of one server to the log, and its faults.

use std::time::Duration;

/// The fault of a connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Fault {
    #[default]
    None,
    /// Each call fails immediately.
    Errors,
    /// Calls are never answered, not even after the fault ends.
    Silence,
    /// Calls and answers wait until the fault ends.
    Stall,
}

/// The fate of the answers to `append`. The log has at least some of the records then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum LostAnswers {
    #[default]
    Never,
    AsError,
    InSilence,
}

/// The state of the connection of one server.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// The index of the copy of the log that the connection leads to.
    pub(crate) copy: usize,
    pub(crate) fault: Fault,
    pub(crate) lost_answers: LostAnswers,
    /// The longest time that a call takes in each direction.
    pub(crate) delay: Duration,
    /// True while the process of the server is stopped. It neither sends nor receives then.
    pub(crate) is_paused: bool,
    /// The number of the connection. Calls of an earlier connection fail.
    connection: u64,
    /// Calls of a connection with a lower number are never answered.
    answered_from: u64,
}

/// The next step of a call that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Continue,
    Wait,
    Fail,
    Never,
}

impl Link {
    /// Creates a connection without faults to a copy.
    pub(super) fn to(copy: usize) -> Self {
        Self { copy, ..Self::default() }
    }

    /// Returns the number of the connection that a new call uses.
    pub(super) fn connection(&self) -> u64 {
        self.connection
    }

    /// Closes the connection. Calls that are under way fail, or are never answered.
    pub(super) fn close(&mut self, is_silent: bool) {
        self.connection += 1;
        if is_silent {
            self.answered_from = self.connection;
        }
    }

    /// Returns what happens next to a call that began with this connection.
    pub(super) fn progress(&self, connection: u64) -> Progress {
        match self.fault {
            _ if connection < self.answered_from => Progress::Never,
            _ if self.is_paused => Progress::Wait,
            _ if connection < self.connection => Progress::Fail,
            Fault::Stall => Progress::Wait,
            Fault::Errors => Progress::Fail,
            Fault::Silence => Progress::Never,
            Fault::None => Progress::Continue,
        }
    }
}
