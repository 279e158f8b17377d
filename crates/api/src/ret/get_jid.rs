//! `ret.get_jid`: all returns of one jid.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Jid, method};

/// Parameters, in positional order.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetJidParams {
    /// Jid.
    pub jid: Jid,
    /// Only returns that came through this master.
    #[serde(default)]
    pub master_id: Option<String>,
}

method!(
    GetJid,
    "ret",
    "get_jid",
    GetJidParams,
    BTreeMap<String, Value>,
    "The returns of one jid: minion id → returned value. A minion id that exists in several clusters of the command is written `minion@cluster`."
);
