//! What simulated masters and minions tell each other: one JSON text per line, over a unix socket of the master.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

/// From a master to its minions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ToMinions {
    /// A job for whoever of them is connected to this master.
    Publish(Box<Job>),
    /// These returns are on the bus and in the job cache: their numbers.
    Ack(Vec<u64>),
}

/// From minions to a master.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ToMaster {
    /// These minions connected. Hot-hot minions of 3006 say nothing when they connect again.
    Attach(Vec<String>),
    /// Returns.
    Returns(Vec<Sent>),
    /// Somebody at the master's keyboard publishes a job.
    Cli(Box<Job>),
    /// The master closes its bus for everybody who listens.
    HangUp,
}

/// A published job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// Jid.
    pub jid: String,
    /// Function.
    pub fun: String,
    /// Arguments.
    pub arg: Value,
    /// Target as published.
    pub tgt: Value,
    /// Its type.
    pub tgt_type: String,
    /// Who.
    pub user: String,
    /// Comes back in every return.
    pub metadata: Option<Value>,
    /// Accepted keys that match.
    pub minions: Vec<String>,
}

/// A return on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// For the acknowledgement.
    pub number: u64,
    /// Jid.
    pub jid: String,
    /// Minion.
    pub id: String,
    /// Function.
    pub fun: String,
    /// Arguments.
    pub fun_args: Value,
    /// Its value.
    #[serde(rename = "return")]
    pub ret: Value,
    /// Or bytes that no text can carry, in place of it.
    #[serde(default)]
    pub bytes: Option<Vec<u8>>,
    /// Return code.
    pub retcode: i64,
    /// Comes back from the publication.
    pub metadata: Option<Value>,
}

/// The next line; none at the end, or when it is not understood.
pub async fn next<T: for<'a> Deserialize<'a>>(
    from: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
) -> Option<T> {
    line.clear();
    if from.read_until(b'\n', line).await.ok()? == 0 {
        return None;
    }
    serde_json::from_slice(line).ok()
}

/// A line.
pub fn text(of: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(of).unwrap_or_default();
    line.push(b'\n');
    line
}
