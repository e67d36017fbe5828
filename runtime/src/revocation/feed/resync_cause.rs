//! Reasons for reading a log from its start again.

/// Reason for reading the log from its start again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResyncCause {
    /// The log was restarted, or another copy has taken over.
    Lineage,
    /// The log has not given a position that the follower has read.
    StepBack,
    /// Records were removed without an announcement.
    Gap,
    /// An instance whose clock is ahead has removed records, which may not have ended.
    EarlyTrim,
    /// The answer contradicts itself.
    Inconsistent,
    /// The clock was set back, and entries were skipped that have not ended.
    Clock,
    /// An entry did not fit into the list.
    Overflow,
}

impl ResyncCause {
    /// Returns the value of the field `cause` in events.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Lineage => "lineage",
            Self::StepBack => "step_back",
            Self::Gap => "gap",
            Self::EarlyTrim => "early_trim",
            Self::Inconsistent => "inconsistent",
            Self::Clock => "clock",
            Self::Overflow => "overflow",
        }
    }

    /// Returns a sentence for the health report.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Lineage => "the log was restarted, or another copy has taken over",
            Self::StepBack => "the log has lost its last records",
            Self::Gap => "records were removed from the log without an announcement",
            Self::EarlyTrim => {
                "records were removed by an instance whose clock is more than 10 minutes ahead of this one"
            }
            Self::Inconsistent => "the answer of the log contradicts itself",
            Self::Clock => "the clock was set back",
            Self::Overflow => "an entry of the log did not fit into the list",
        }
    }
}
