//! `job.*`: saved jobs with typed inputs. One file per method; here what a job holds.

mod delete_job;
mod get_job_access;
mod get_jobs;
mod save_job;
mod save_job_access;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use delete_job::{DeleteJob, DeleteJobParams};
pub use get_job_access::{GetJobAccess, GetJobAccessParams};
pub use get_jobs::{GetJobs, GetJobsParams, Job, JobSort};
pub use save_job::{SaveJob, SaveJobParams};
pub use save_job_access::{SaveJobAccess, SaveJobAccessParams};

use crate::state::words;

/// Arguments of a saved job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobArg {
    /// Positional arguments, as they are.
    #[serde(default)]
    pub arg: Option<Vec<Value>>,
    /// Name → input. `pillar` is no input: a map that is sent as it is.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, JobKwarg>>")]
    pub kwarg: Option<Map<String, Value>>,
}

/// A keyword argument of a saved job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum JobKwarg {
    /// An input.
    Input(JobInput),
    /// Only of `pillar`.
    Pillar(Map<String, Value>),
}

words! {
    /// What values an input takes.
    InputType {
        /// A text.
        Text = "string",
        /// One of `select`.
        Select = "select",
        /// A number.
        Number = "number",
        /// true or false.
        Bool = "bool",
    }
}

/// A value that is asked for when the job is run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobInput {
    /// What people call it.
    #[serde(default)]
    pub display_name: Option<String>,
    /// What it takes.
    pub input_type: InputType,
    /// Of `select`: what can be chosen.
    #[serde(default)]
    pub select: Option<Vec<String>>,
    /// Used when nothing is given.
    #[serde(default)]
    pub default: Option<Value>,
    /// For people.
    #[serde(default)]
    pub help: Option<String>,
    /// It must be given, unless there is a default.
    #[serde(default)]
    pub required: bool,
    /// Not asked for, and cannot be given: the default is used.
    #[serde(default)]
    pub hidden: bool,
}
