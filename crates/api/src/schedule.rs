//! `schedule.*`: when something runs, and what. One file per method; here the schedule object itself.

mod futures;
mod get;
mod get_inflight;
mod get_schedule_access;
mod remove;
mod save;
mod save_schedule_access;
mod save_skip;
mod search_history;
mod update;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use futures::{Future, Futures, FuturesParams, FuturesSort};
pub use get::{Get, GetParams, Schedule, ScheduleSort};
pub use get_inflight::{GetInflight, GetInflightParams, Inflight, InflightSort};
pub use get_schedule_access::{GetScheduleAccess, GetScheduleAccessParams};
pub use remove::{Remove, RemoveParams};
pub use save::{Save, SaveParams, ScheduleArg};
pub use save_schedule_access::{SaveScheduleAccess, SaveScheduleAccessParams};
pub use save_skip::{SaveSkip, SaveSkipParams, Skipped};
pub use search_history::{HistoryEntry, SearchHistory, SearchHistoryParams};
pub use update::{Update, UpdateParams};

use crate::state::words;

words! {
    /// What a future run will be.
    FutureState {
        /// It will run.
        Scheduled = "scheduled",
        /// It will be left out.
        Skipping = "skipping",
        /// Its schedule is not enabled.
        Disabled = "disabled",
    }
}

words! {
    /// What became of a planned time.
    RunState {
        /// A command was sent.
        Fired = "fired",
        /// Somebody asked for it to be left out, or too many runs of it were under way.
        Skipped = "skipped",
        /// No server was there to fire it in time.
        Missed = "missed",
        /// It was due, and could not be sent.
        Failed = "failed",
    }
}

/// When something runs. Exactly one of: an interval (`seconds`, `minutes`, `hours`, `days`, added up), `cron`, `once`, `when`.
/// Times are ISO 8601; without an offset they are times of `timezone`. `…_fmt` is a strptime format for the key it names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleObject {
    /// Interval: seconds; 60 in all at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// Interval: minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Interval: hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<u32>,
    /// Interval: days of 24 hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Five fields: minute hour day month weekday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cron: Option<String>,
    /// One moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub once: Option<String>,
    /// Format of `once`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub once_fmt: Option<String>,
    /// Times of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<ScheduleWhen>,
    /// Not before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Format of `after`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_fmt: Option<String>,
    /// Not later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Format of `until`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_fmt: Option<String>,
    /// Only inside this range, or only outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<ScheduleRange>,
    /// Put each run off by a random time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub splay: Option<ScheduleSplay>,
    /// Not at these times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_times: Option<Vec<String>>,
    /// Format of `skip_times`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_times_fmt: Option<String>,
    /// Not at these times, either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_explicit: Option<Vec<String>>,
    /// Runs of it that may be under way at once; 0: any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maxrunning: Option<u32>,
    /// Kept for masters that ask for it; makes no difference here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jid_include: Option<bool>,
    /// Kept for masters that ask for it; returns are always taken here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_job: Option<bool>,
    /// Also run when it is saved or enabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_on_start: Option<bool>,
    /// Name of a time zone; UTC when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// Times of the day, as `02:00`, `14:30:15` or `2:00pm`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleWhen {
    /// Every day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily: Option<Vec<String>>,
    /// On some days of the week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly: Option<ScheduleWeek>,
}

/// Times of the day, by day of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleWeek {
    /// Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mon: Option<Vec<String>>,
    /// Tuesday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tue: Option<Vec<String>>,
    /// Wednesday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wed: Option<Vec<String>>,
    /// Thursday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thu: Option<Vec<String>>,
    /// Friday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fri: Option<Vec<String>>,
    /// Saturday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sat: Option<Vec<String>>,
    /// Sunday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sun: Option<Vec<String>>,
}

/// A range: two moments, or two times of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRange {
    /// From.
    pub start: String,
    /// Up to.
    pub end: String,
    /// Format of `start`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_fmt: Option<String>,
    /// Format of `end`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_fmt: Option<String>,
    /// Not inside the range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invert: Option<bool>,
}

/// A random time, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleSplay {
    /// At most.
    pub end: u32,
    /// At least; default 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
}

/// Page size where the caller names none.
fn fifty() -> i64 {
    50
}
