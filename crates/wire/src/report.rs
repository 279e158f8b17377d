//! What a plugin reports: numbered records, acknowledged after commit, resent until then.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Json, Original};

/// `POST /plugin/v1/reports`: consecutive records of one epoch, ascending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Drawn at each start of the spool file; numbers mean nothing without it.
    pub epoch: Uuid,
    /// The records.
    pub records: Vec<Record>,
}

/// Reply: everything up to `through` is committed and may be forgotten, in this epoch only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    /// Epoch of the batch.
    pub epoch: Uuid,
    /// Highest number committed.
    pub through: u64,
}

/// One numbered record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Number within the epoch, from 1.
    pub n: u64,
    /// The master's clock when it was taken; corrected for skew by the server.
    pub at: Timestamp,
    /// The master's clock minus the server's at that moment, in milliseconds, as the plugin knew it: a clock that is set
    /// while records wait would make the skew of later wrong for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<i64>,
    /// What happened.
    pub report: Report,
}

/// What can be reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// A delivery was published.
    Published(Published),
    /// A delivery was not carried out and goes back.
    HandedBack(HandedBack),
    /// A runner started.
    RunStarted(RunStarted),
    /// A runner or wheel ended.
    Ran(Ran),
    /// A minion's return.
    Return(Return),
    /// A job that somebody else published on this master.
    Job(JobSeen),
    /// Signs of life.
    Seen(Vec<Seen>),
    /// Answer to an ask.
    Asked(Asked),
    /// Answer to a ping, also to the plugin's own.
    Pinged(Pinged),
    /// All keys of the master; sent whole whenever they change.
    Keys(KeyLists),
    /// Answer to a key change.
    KeysDone(KeysDone),
    /// Grains of one minion, whole.
    Grains(Grains),
    /// Something was not recorded.
    Gap(Gap),
}

/// Salt took the publish, or answered that nothing matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The delivery.
    pub delivery_id: Uuid,
    /// Its jid.
    pub jid: String,
    /// Accepted keys that match (**not** who is connected).
    pub minions: Vec<String>,
    /// "Could not resolve minions": on this master nothing matched.
    #[serde(default)]
    pub matched_none: bool,
}

/// A delivery goes back to the server, certainly not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedBack {
    /// The delivery.
    pub delivery_id: Uuid,
    /// Why.
    pub why: HandBack,
    /// A sentence.
    pub detail: String,
}

/// Why a delivery was handed back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandBack {
    /// `publish_before` had passed.
    TooLate,
    /// The claim was refused.
    NotClaimed,
    /// Salt refused it (bad function name, blacklist, authentication); another master may or may not take it.
    Refused,
    /// Salt could not be reached, so that nothing was sent.
    Unreachable,
    /// Salt did not answer in time: it **may** have been carried out.
    Unanswered,
}

/// A runner was accepted by Salt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStarted {
    /// The delivery.
    pub delivery_id: Uuid,
    /// Salt's own jid for it.
    pub salt_jid: String,
}

/// A runner or wheel ended, or its result will not come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ran {
    /// The delivery.
    pub delivery_id: Uuid,
    /// Our jid; empty where an earlier run of the plugin knew it.
    pub jid: String,
    /// Salt's jid, when known.
    #[serde(default)]
    pub salt_jid: Option<String>,
    /// As Salt says; `None` when no result came in time (then `ret` is a sentence).
    pub success: Option<bool>,
    /// Function.
    pub fun: String,
    /// Result.
    #[serde(rename = "return")]
    pub ret: Json,
    /// Bytes of the result where JSON cannot carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
}

/// Where a return was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnSource {
    /// The event bus.
    Bus,
    /// The master's job cache.
    JobCache,
    /// `saltutil.find_cached_job` on the minion.
    Asked,
}

/// A minion's return. Only from events with `cmd: _return` whose `id` equals the id of their tag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Return {
    /// Jid of the job.
    pub jid: String,
    /// Who returned.
    pub minion_id: String,
    /// Function; several joined with `,` for a multi-function job.
    pub fun: String,
    /// Array.
    pub fun_args: Json,
    /// All functions succeeded.
    pub success: bool,
    /// Highest return code.
    pub retcode: i64,
    /// The returned value.
    #[serde(rename = "return")]
    pub ret: Json,
    /// Bytes of the value where JSON cannot carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
    /// The other fields of the event (`out`, `metadata`, …), a map, when there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<Json>,
    /// Where it was found.
    pub source: ReturnSource,
    /// Salt replaced an over-long value by `VALUE_TRIMMED`, and the whole one could not be had.
    #[serde(default)]
    pub trimmed: bool,
}

/// A job published by somebody else (Salt's CLI, a reactor): `salt/job/<jid>/new` with a jid that is not ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobSeen {
    /// Its jid.
    pub jid: String,
    /// Function.
    pub fun: String,
    /// Array.
    pub arg: Json,
    /// Target.
    pub tgt: Json,
    /// Target type.
    pub tgt_type: String,
    /// Who, as Salt says.
    pub user: String,
    /// Accepted keys that match.
    pub minions: Vec<String>,
}

/// Why we believe a minion is on this master.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// `salt/minion/<id>/start`
    Start,
    /// `salt/auth` with an accepted key
    Auth,
    /// Any other event with its id
    Event,
    /// A job return
    Return,
    /// Answer to a ping
    Ping,
}

impl Evidence {
    /// The word used in SQL, JSON and console.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Auth => "auth",
            Self::Event => "event",
            Self::Return => "return",
            Self::Ping => "ping",
        }
    }
}

/// One sign of life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Minion.
    pub minion_id: String,
    /// What was seen.
    pub evidence: Evidence,
    /// The master's clock at the event.
    pub at: Timestamp,
}

/// What minions say of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The delivery.
    pub delivery_id: Uuid,
    /// The job asked about.
    pub jid: String,
    /// It still runs there.
    pub running: Vec<String>,
    /// It does not run there, and its return was found (reported as `Return`).
    pub found: Vec<String>,
    /// It does not run there, and no return is kept.
    pub not_found: Vec<String>,
    /// No answer to the question itself.
    pub silent: Vec<String>,
    /// The question could not be put to them: Salt's reply did not name them, so this master holds no accepted key of
    /// them, or Salt did not take it. Older plugins count them as silent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_here: Vec<String>,
}

/// Who answered a ping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinged {
    /// The delivery, unless the plugin pinged on its own.
    #[serde(default)]
    pub delivery_id: Option<Uuid>,
    /// The master's clock when the ping was sent.
    pub sent_at: Timestamp,
    /// Answered.
    pub answered: Vec<String>,
    /// Did not, though Salt's reply named them.
    pub silent: Vec<String>,
}

/// Key of one minion as this master has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyOfMinion {
    /// Minion.
    pub minion_id: String,
    /// SHA-256 (hex) of the PEM text, white space at its ends removed.
    pub fingerprint: String,
    /// The key itself, PEM: so that it can be written on the cluster's other masters.
    pub public_key: String,
}

/// All keys of a master.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyLists {
    /// `minions`
    pub accepted: Vec<KeyOfMinion>,
    /// `minions_pre`
    pub pending: Vec<KeyOfMinion>,
    /// `minions_rejected`
    pub rejected: Vec<KeyOfMinion>,
    /// `minions_denied`
    pub denied: Vec<KeyOfMinion>,
}

/// What came of a key change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeysDone {
    /// The delivery.
    pub delivery_id: Uuid,
    /// Minions whose change was made (or was so already).
    pub done: Vec<String>,
    /// Minions whose change was not made, each with a sentence.
    pub refused: Vec<(String, String)>,
}

/// Grains of one minion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grains {
    /// Minion.
    pub minion_id: String,
    /// Map; `null` when the master no longer has any.
    pub grains: Json,
}

/// Something was not recorded between two times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// First moment that may be missing.
    pub from: Timestamp,
    /// Last one.
    pub to: Timestamp,
    /// How many records were dropped, when known.
    #[serde(default)]
    pub count: Option<u64>,
    /// A sentence.
    pub why: String,
}
