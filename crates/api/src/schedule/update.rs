//! `schedule.update`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ScheduleArg, ScheduleObject};
use crate::{CommandKind, cmd::RouteTarget, method};

/// Parameters, in positional order: as of `schedule.save`. What is left out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UpdateParams {
    /// Name.
    pub name: Option<String>,
    /// When; replaces the whole object.
    pub schedule: Option<ScheduleObject>,
    /// Masters.
    pub masters: Option<Vec<String>>,
    /// `local`, `runner` or `wheel`.
    pub cmd: Option<CommandKind>,
    /// Arguments.
    pub arg: Option<ScheduleArg>,
    /// Target.
    pub tgt: Option<BTreeMap<String, RouteTarget>>,
    /// Target group.
    pub tgt_uuid: Option<Uuid>,
    /// Saved job.
    pub job_uuid: Option<Uuid>,
    /// The schedule.
    pub uuid: Option<Uuid>,
    /// Function.
    pub fun: Option<String>,
    /// Kept as it is.
    pub function: Option<String>,
    /// Whether it fires.
    pub enabled: Option<bool>,
    /// Take these away: masters, cmd, arg, tgt, tgt_uuid, job_uuid, fun.
    pub delete_fields: Option<Vec<String>>,
}

method!(Update, "schedule", "update", UpdateParams, Uuid, "Change some of a schedule; its uuid comes back.");
