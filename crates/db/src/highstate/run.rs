//! A run of states of one minion, as it is stored.

use jiff::civil::Date;

/// What a run that could not be rendered, or did not start, is shown as.
pub const NOT_RUN: &str = "(the run itself)";

/// One run of states of one minion.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// Day of the jid.
    pub day: Date,
    /// Jid.
    pub jid: &'a str,
    /// Minion.
    pub minion_id: &'a str,
    /// A whole highstate that ran: what it does not name is gone.
    pub full: bool,
    /// A dry run.
    pub test: bool,
    /// Environment.
    pub saltenv: &'a str,
    /// What each state made.
    pub states: &'a [StateResult],
}

/// What one state made.
#[derive(Clone, Debug, PartialEq)]
pub struct StateResult {
    /// Salt's own name of it, unique in its run.
    pub tag: String,
    /// Its id.
    pub state: String,
    /// Where it stands.
    pub sls: String,
    /// Place in the run.
    pub run_num: i64,
    /// Whether it is as wanted.
    pub result: bool,
    /// How many changes.
    pub num_changes: i64,
    /// Milliseconds.
    pub duration: f64,
    /// JSON.
    pub changes: String,
    /// Comment.
    pub comment: String,
}
