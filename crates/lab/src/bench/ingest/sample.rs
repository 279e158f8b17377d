//! The returns that a benchmark sends: small answers, states that differ from minion to minion, and some that are all equal.
//! The same number makes the same returns.

use std::fmt::Write as _;

/// What the jobs are, ten by ten: states that differ from minion to minion, `test.ping`, and one state that is equal on all.
const JOBS: [Job; 10] = {
    use Job::{Differ, Equal, Ping};
    [Differ, Ping, Differ, Differ, Ping, Differ, Equal, Differ, Ping, Differ]
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Job {
    Ping,
    Differ,
    Equal,
}

/// State results in one return: about 2 kB.
const RESULTS: u64 = 6;

/// One minion's return.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) jid: String,
    pub(super) minion_id: String,
    pub(super) fun: &'static str,
    /// Array.
    pub(super) fun_args: &'static str,
    /// JSON.
    pub(super) value: String,
}

/// All minions of a cluster return a job.
pub(super) fn job(jid: &str, number: usize, minions: &[String]) -> Vec<Sample> {
    minions.iter().enumerate().map(|(at, minion_id)| one(jid, number, at, minion_id)).collect()
}

fn one(jid: &str, number: usize, at: usize, minion_id: &str) -> Sample {
    let (fun, fun_args, value) = match JOBS[number % JOBS.len()] {
        Job::Ping => ("test.ping", "[]", "true".to_owned()),
        Job::Differ => {
            let seed = (number as u64) << 32 | at as u64;
            ("state.apply", "[\"app.config\"]", state_apply(minion_id, seed))
        }
        Job::Equal => ("state.apply", "[\"base\"]", state_apply("any", 0)),
    };
    Sample { jid: jid.to_owned(), minion_id: minion_id.to_owned(), fun, fun_args, value }
}

/// A map as `state.apply` returns it. Times and durations are what differs most in real ones, too.
fn state_apply(minion_id: &str, seed: u64) -> String {
    let mut text = String::from("{");
    for run in 0..RESULTS {
        let random = mixed(seed.wrapping_mul(31).wrapping_add(run));
        let name = format!("/etc/app/{minion_id}/conf-{run}.yaml");
        let changes = if random % 10 < 7 { "{}" } else { r#"{"diff": "New file", "mode": "0644"}"# };
        let (hour, minute, second) = (random % 24, random / 24 % 60, random / 1440 % 60);
        let (micro, duration) = (random / 86_400 % 1_000_000, random / 7 % 100_000);
        // Writing to a String does not fail.
        let _ = write!(
            text,
            r#"{comma}"file_|-conf_{run}_|-{name}_|-managed": {{"name": "{name}", "changes": {changes}, "result": true, "comment": "File {name} is in the correct state", "__sls__": "app.config", "__run_num__": {run}, "start_time": "{hour:02}:{minute:02}:{second:02}.{micro:06}", "duration": {}.{:03}, "__id__": "conf_{run}"}}"#,
            duration / 1000,
            duration % 1000,
            comma = if run == 0 { "" } else { ", " },
        );
    }
    text + "}"
}

/// Well mixed bits (`SplitMix64`).
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_are_json_and_some_of_them_are_equal() {
        let minions = ["a".to_owned(), "b".to_owned()];
        for (number, kind) in JOBS.iter().enumerate() {
            let returns = job("20260102030405000678", number, &minions);
            let values: Vec<serde_json::Value> =
                returns.iter().map(|one| serde_json::from_str(&one.value).unwrap()).collect();
            let differ = *kind == Job::Differ;
            assert_eq!(values[0] != values[1], differ, "job {number}");
            assert_eq!(returns[0].value, job("20260102030405000678", number, &minions)[0].value);
        }
        assert!((1_800..2_600).contains(&state_apply("web00001.eu.example.com", 7).len()));
    }
}
