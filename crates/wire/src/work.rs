//! What the server asks of a plugin: deliveries of commands, questions, key changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Json;

/// Reply of `GET /plugin/v1/commands`. Work is leased: what is not reported on within its lease is offered again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commands {
    /// What to do, oldest first; empty when the wait ended.
    pub work: Vec<Work>,
    /// The server's clock when it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Timestamp>,
    /// How long the call was held before this was said, in milliseconds: the remaining times count from then, also for a
    /// plugin that stood still before it could read them. Older servers do not say it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub held_ms: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(ms: &u64) -> bool {
    *ms == 0
}

/// One piece of work. A repeated `delivery_id` is the same work: it is done once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Publish a job to minions.
    Publish(Publish),
    /// Run a runner or wheel function (after a claim).
    Run(Run),
    /// Ask minions about a job.
    Ask(Ask),
    /// Ask who is there.
    Ping(Ping),
    /// Change minion keys.
    Keys(Keys),
}

impl Work {
    /// Takes `ms` off its remaining time: so much passed since that was said.
    pub fn passes(&mut self, ms: u64) {
        let left = match self {
            Self::Publish(work) => &mut work.publish_before_ms,
            Self::Run(work) => &mut work.publish_before_ms,
            Self::Ask(_) | Self::Ping(_) | Self::Keys(_) => return,
        };
        *left = left.saturating_sub(ms);
    }

    /// The delivery this work belongs to.
    pub fn delivery_id(&self) -> Uuid {
        match self {
            Self::Publish(work) => work.delivery_id,
            Self::Run(work) => work.delivery_id,
            Self::Ask(work) => work.delivery_id,
            Self::Ping(work) => work.delivery_id,
            Self::Keys(work) => work.delivery_id,
        }
    }
}

/// Publish with our own jid through the master's request port. Answered by `Report::Published` or `Report::HandedBack`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Publish {
    /// This delivery.
    pub delivery_id: Uuid,
    /// 20 digits.
    pub jid: String,
    /// Function.
    pub fun: String,
    /// Array as Salt wants it: keyword arguments as a last item `{"__kwarg__": true, …}`.
    pub arg: Json,
    /// Target: a text, or an array for `list`.
    pub tgt: Json,
    /// Salt's target type.
    pub tgt_type: String,
    /// Who asked; goes into Salt's `user` field.
    pub user: String,
    /// Comes back in every return, when given.
    #[serde(default)]
    pub metadata: Option<Json>,
    /// Remaining time in milliseconds; after it the plugin hands the delivery back.
    pub publish_before_ms: u64,
}

/// Which of Salt's clients runs the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunClient {
    /// `salt-run`
    Runner,
    /// wheel
    Wheel,
}

/// Claim, then run on this master. Answered by `Report::RunStarted` (runner) and `Report::Ran`, or `Report::HandedBack`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// This delivery; goes into Salt's `user` field as `<user>/<delivery_id>`, so events can be matched.
    pub delivery_id: Uuid,
    /// Our jid. Salt draws its own for runners.
    pub jid: String,
    /// Runner or wheel.
    pub client: RunClient,
    /// Function.
    pub fun: String,
    /// Array.
    pub arg: Json,
    /// Map.
    pub kwarg: Json,
    /// Who asked.
    pub user: String,
    /// Remaining time in milliseconds to *start* it.
    pub publish_before_ms: u64,
    /// How long to wait for its result, in milliseconds.
    pub timeout_ms: u64,
}

/// Ask minions about a job: `saltutil.find_job`, then `saltutil.find_cached_job` where it is not running.
/// Found returns come as `Report::Return` with `source: asked`; the answer is `Report::Asked`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// This delivery.
    pub delivery_id: Uuid,
    /// The job asked about.
    pub jid: String,
    /// Whom to ask.
    pub minions: Vec<String>,
    /// How long to wait for answers, in milliseconds.
    pub wait_ms: u64,
}

/// Ask who is there, with `test.ping`; answered by `Report::Pinged`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ping {
    /// This delivery.
    pub delivery_id: Uuid,
    /// Whom; everybody when empty.
    #[serde(default)]
    pub minions: Vec<String>,
    /// How long to wait for answers, in milliseconds.
    pub wait_ms: u64,
}

/// Change minion keys on this master; answered by `Report::KeysDone`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// This delivery.
    pub delivery_id: Uuid,
    /// What to change.
    pub changes: Vec<KeyChange>,
}

/// One change of one minion's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyChange {
    /// A plain file name; checked again by the plugin.
    pub minion_id: String,
    /// What to do.
    pub action: KeyAction,
    /// For accept on a master that never met the minion: the key to write (PEM). When the master holds a
    /// different key for the id, nothing is done and the answer says so.
    #[serde(default)]
    pub public_key: Option<String>,
}

/// What can be done to a minion's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyAction {
    /// Into `minions`.
    Accept,
    /// Into `minions_rejected`.
    Reject,
    /// Gone.
    Delete,
}
