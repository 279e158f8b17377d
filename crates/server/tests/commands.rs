//! Commands from the call to the last outcome: masters and minions are scripted, time passes by the clock.

mod control;
mod ending;
mod failover;
mod handed_back;
pub(crate) mod hands;
mod highstates;
mod hot;
mod housekeeping;
mod key_wheels;
mod leaders;
mod ledger;
mod looking_back;
mod nothing_hangs;
mod plan;
mod readiness;
mod retention;
mod runs;
mod speed;
mod stats;
mod targets;
pub(crate) mod watch;
mod why;
