//! The rules that are ours alone: routing, outcomes, presence, readiness, keys, enrolment, inputs of saved jobs, schedules. Pure: facts in, decisions out.
//! No database, no clock, no network; every time is a parameter.

pub mod control;
pub mod enrolment;
pub mod job_inputs;
pub mod keys;
pub mod outcome;
pub mod presence;
pub mod readiness;
pub mod routing;
pub mod schedule;
pub mod timeline;
