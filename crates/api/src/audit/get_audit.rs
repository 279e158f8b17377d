//! `audit.get_audit`

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{Page, method, state::words};

words! {
    /// What kind of event it is.
    AuditEventType {
        /// startup, shutdown.
        System = "system",
        /// login, logout.
        Auth = "auth",
        /// A call: the name is its method.
        Rpc = "rpc",
        /// Something that the server does by itself.
        Task = "task",
    }
}

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GetAuditParams {
    /// Of this account; not with `username`.
    pub account_uuid: Option<Uuid>,
    /// Of the account of this name; not with `account_uuid`.
    pub username: Option<String>,
    /// Of this session.
    pub session_uuid: Option<Uuid>,
    /// Of this kind.
    pub event_type: Option<AuditEventType>,
    /// Of this name, as `cmd.route_cmd` or `login`.
    pub event_name: Option<String>,
    /// Failed and refused ones only, or good ones only.
    pub failed: Option<bool>,
    /// Begun from … to ….
    pub daterange: Option<(Timestamp, Timestamp)>,
    /// Only ISO 8601 is read: null.
    pub daterange_fmt: Option<String>,
    /// Took at least this many milliseconds.
    pub elapsed_msec_min: Option<i64>,
    /// Took at most this many milliseconds.
    pub elapsed_msec_max: Option<i64>,
    /// From 0.
    pub page: Option<u32>,
    /// -1 for all.
    pub limit: i64,
    /// Default: `start_time`.
    pub sort_by: Option<AuditSort>,
    /// Largest first. Without `sort_by` the newest come first, and `reverse` turns it.
    pub reverse: bool,
}

impl Default for GetAuditParams {
    fn default() -> Self {
        Self {
            account_uuid: None,
            username: None,
            session_uuid: None,
            event_type: None,
            event_name: None,
            failed: None,
            daterange: None,
            daterange_fmt: None,
            elapsed_msec_min: None,
            elapsed_msec_max: None,
            page: None,
            limit: 50,
            sort_by: None,
            reverse: false,
        }
    }
}

/// What the list can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditSort {
    /// Who.
    Username,
    /// Kind.
    EventType,
    /// Name.
    EventName,
    /// Good ones first.
    Failed,
    /// When it began.
    StartTime,
    /// When it ended.
    EndTime,
    /// How long it took.
    ElapsedMsec,
}

/// Somebody did something, or was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditedEvent {
    /// Its id.
    pub id: i64,
    /// When it began.
    pub start_time: Timestamp,
    /// When it ended.
    pub end_time: Timestamp,
    /// Kind.
    pub event_type: AuditEventType,
    /// `resource.method` of a call, else login, startup, …
    pub event_name: String,
    /// Who.
    pub username: String,
    /// Who; null: nobody that is known.
    pub account_uuid: Option<Uuid>,
    /// In which session.
    pub session_uuid: Option<Uuid>,
    /// Refused, or failed.
    pub failed: bool,
    /// The parameters without their secrets, and what was said to a refused one.
    pub event_data: Value,
    /// From where (ours).
    pub address: Option<String>,
    /// How long it took (ours).
    pub elapsed_msec: i64,
    /// Its place in the chain; null: not chained yet (ours).
    pub number: Option<i64>,
}

method!(
    GetAudit,
    "audit",
    "get_audit",
    GetAuditParams,
    Page<AuditedEvent>,
    "Who did what, and who was refused. Passwords, tokens and arguments that are named like them are left out. The count ends at 10,000, and in another order than that of time only the newest 10,000 are sorted, unless limit is -1: a warning says so."
);
