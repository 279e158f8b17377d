//! `schedule.save`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::ScheduleObject;
use crate::{CommandKind, cmd::RouteTarget, method};

/// Parameters, in positional order. What runs: a saved job, or `cmd`, `fun` and `arg`. Where: `tgt` or `tgt_uuid`, or
/// `masters` for a runner or wheel; a saved job's own place when none is given.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveParams {
    /// Name, unique.
    pub name: String,
    /// When.
    pub schedule: ScheduleObject,
    /// Runner and wheel only: master ids, cluster ids, or `["*"]`.
    #[serde(default)]
    pub masters: Option<Vec<String>>,
    /// `local`, `runner` or `wheel`.
    #[serde(default)]
    pub cmd: Option<CommandKind>,
    /// Arguments; of a saved job, its inputs.
    #[serde(default)]
    pub arg: Option<ScheduleArg>,
    /// Master id, cluster id or `*` (then alone) → target.
    #[serde(default)]
    pub tgt: Option<BTreeMap<String, RouteTarget>>,
    /// A saved target group.
    #[serde(default)]
    pub tgt_uuid: Option<Uuid>,
    /// A saved job.
    #[serde(default)]
    pub job_uuid: Option<Uuid>,
    /// The schedule to change, whole.
    #[serde(default)]
    pub uuid: Option<Uuid>,
    /// Function.
    #[serde(default)]
    pub fun: Option<String>,
    /// Kept as it is; what runs is said by the others.
    #[serde(default = "job_run")]
    pub function: String,
    /// Whether it fires.
    #[serde(default = "yes")]
    pub enabled: bool,
}

/// Arguments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleArg {
    /// Positional.
    pub arg: Option<Vec<Value>>,
    /// By name.
    pub kwarg: Option<Map<String, Value>>,
}

fn job_run() -> String {
    "job.run".to_owned()
}

fn yes() -> bool {
    true
}

method!(
    Save,
    "schedule",
    "save",
    SaveParams,
    Uuid,
    "Save a schedule, or replace one (`uuid`); its uuid comes back. It fires once for each planned time, whichever servers are up, and runs what it runs as its owner."
);
