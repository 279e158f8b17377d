//! `ret.get_returns`: search returns, one per (jid, minion).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Jid, Page, method, state::words};

words! {
    /// What returns are ordered by.
    ReturnSort {
        /// Minion.
        MinionId = "minion_id",
        /// Master.
        MasterId = "master_id",
        /// Function.
        Fun = "fun",
        /// Good, then failed.
        HasErrors = "has_errors",
        /// Job.
        Jid = "jid",
        /// Who sent the job.
        User = "user",
        /// When they came.
        AlterTime = "alter_time",
        /// Saved job.
        JobName = "job_name",
        /// Target group.
        TgtName = "tgt_name",
    }
}

/// Parameters, in positional order. All filters must hold.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetReturnsParams {
    /// Jid.
    pub jid: Option<String>,
    /// Master that decided the return.
    pub master_id: Option<String>,
    /// Minion.
    pub minion_id: Option<String>,
    /// Function.
    pub fun: Option<String>,
    /// Who created the job.
    pub user: Option<String>,
    /// Name of the saved job.
    pub job_name: Option<String>,
    /// Saved job.
    pub job_uuid: Option<Uuid>,
    /// Through this target group.
    pub tgt_name: Option<String>,
    /// Through this target group.
    pub tgt_uuid: Option<Uuid>,
    /// Of minions of this target group.
    pub match_tgt_uuid: Option<Uuid>,
    /// Text within the arguments.
    pub args: Option<String>,
    /// Only highstate runs, or none of them.
    pub highstate: Option<bool>,
    /// Lowest jid.
    pub start: Option<Jid>,
    /// Highest jid.
    pub end: Option<Jid>,
    /// -1 for all.
    pub limit: Option<i64>,
    /// Only failed ones, or only good ones.
    pub has_errors: Option<bool>,
    /// Order; the newest jid first when left out.
    pub sort_by: Option<ReturnSort>,
    /// Descending.
    pub reverse: Option<bool>,
    /// From 0.
    pub page: Option<u32>,
    /// Of this cluster (ours).
    pub cluster_id: Option<String>,
}

impl Default for GetReturnsParams {
    fn default() -> Self {
        Self {
            jid: None,
            master_id: None,
            minion_id: None,
            fun: None,
            user: None,
            job_name: None,
            job_uuid: None,
            tgt_name: None,
            tgt_uuid: None,
            match_tgt_uuid: None,
            args: None,
            highstate: None,
            start: None,
            end: None,
            limit: Some(50),
            has_errors: None,
            sort_by: None,
            reverse: None,
            page: None,
            cluster_id: None,
        }
    }
}

/// One return.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Return {
    /// When it was stored.
    pub alter_time: Timestamp,
    /// The event as Salt's own tools know it.
    pub full_ret: FullRet,
    /// Function.
    pub fun: String,
    /// Arguments.
    pub fun_args: Value,
    /// Not successful, or a return code other than 0.
    pub has_errors: bool,
    /// Jid.
    pub jid: Jid,
    /// Master that decided it.
    pub master: String,
    /// Master that decided it.
    pub master_uuid: Uuid,
    /// Minion.
    pub minion_id: String,
    /// Cluster (ours).
    pub cluster_id: String,
    /// The returned value.
    #[serde(rename = "return")]
    pub ret: Value,
    /// Base64 of Salt's own bytes (msgpack), where JSON cannot carry the value whole (ours).
    pub original: Option<String>,
    /// Salt cut the value, and the whole one could not be had (ours).
    pub trimmed: bool,
}

/// A return as Salt's event bus carries it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FullRet {
    /// Time of the event, UTC, without a zone, as Salt writes it.
    #[serde(rename = "_stamp")]
    pub stamp: String,
    /// Always `_return`.
    pub cmd: String,
    /// Function.
    pub fun: String,
    /// Arguments.
    pub fun_args: Value,
    /// Minion.
    pub id: String,
    /// Jid.
    pub jid: Jid,
    /// Master.
    pub master_id: String,
    /// Return code.
    pub retcode: i64,
    /// The returned value.
    #[serde(rename = "return")]
    pub ret: Value,
    /// Success.
    pub success: bool,
    /// The other fields of the event (`out`, `metadata`, …).
    #[serde(flatten)]
    pub extra: serde_json::Map<String, Value>,
}

method!(
    GetReturns,
    "ret",
    "get_returns",
    GetReturnsParams,
    Page<Return>,
    "Search returns: one result per (jid, minion), whatever number of masters saw it, newest jid first. The count ends at 10,000 (100,000 of one jid), and in another order than that of jids only the newest 10,000 are sorted, unless limit is -1, or one jid or minion is asked for: a warning says so."
);
