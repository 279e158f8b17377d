//! The figures of a run: counted while it runs, printed when it has proven what it proves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use raas_lab::tree;

use super::fleet::Fleet;
use super::load::locked;
use super::proof::Proven;

/// What is counted.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Faults, by name.
    pub(crate) faults: Mutex<BTreeMap<&'static str, u64>>,
    /// The longest time without an answer of the door.
    pub(crate) outage: Mutex<Duration>,
    /// Largest resident memory, in KiB, by program.
    pub(crate) memory: Mutex<BTreeMap<&'static str, u64>>,
}

impl Figures {
    /// Counts a fault.
    pub(crate) fn struck(&self, name: &'static str) {
        *locked(&self.faults).entry(name).or_default() += 1;
    }

    /// Asks the door whether it is ready, for ever.
    pub(crate) async fn watch_door(self: Arc<Self>, url: String) {
        let built =
            reqwest::Client::builder().timeout(Duration::from_secs(2)).pool_max_idle_per_host(0).build();
        let Ok(http) = built else { return };
        let mut good = Instant::now();
        loop {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let answer = http.get(format!("{url}/health/ready")).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                let mut longest = locked(&self.outage);
                *longest = good.elapsed().max(*longest);
                good = Instant::now();
            }
        }
    }

    /// Looks at the memory of servers, plugins and PostgreSQL, for ever.
    pub(crate) async fn watch_memory(self: Arc<Self>, fleet: Arc<Fleet>) {
        loop {
            for node in &fleet.nodes {
                let pid = node.server.lock().await.process().map(|process| process.pid());
                self.keep_peak("server", pid.map_or(0, |pid| kib(pid, "status", "VmHWM:")));
            }
            for master in fleet.masters() {
                self.keep_peak("plugin", master.plugin().map_or(0, |pid| kib(pid, "status", "VmHWM:")));
            }
            if let Some(pid) = fleet.database.pid().await {
                let all = tree::members(pid).into_iter().map(|pid| kib(pid, "smaps_rollup", "Pss:")).sum();
                self.keep_peak("PostgreSQL", all);
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    fn keep_peak(&self, program: &'static str, kib: u64) {
        let mut memory = locked(&self.memory);
        let peak = memory.entry(program).or_default();
        *peak = kib.max(*peak);
    }

    /// All of it as text.
    pub(crate) fn table(&self, seed: u64, times: &Times, proven: &Proven) -> String {
        let mut text = String::new();
        let seconds = (times.load + times.drain).as_secs().max(1);
        let _ = writeln!(
            text,
            "seed {seed}: {:.0} s of load under faults, drained {:.1} s after the last fault",
            times.load.as_secs_f64(),
            times.drain.as_secs_f64()
        );
        let _ = writeln!(text, "{proven}");
        let _ = writeln!(
            text,
            "returns stored per second: {}; longest time without a ready server: {:.1} s",
            proven.stored / seconds,
            locked(&self.outage).as_secs_f64()
        );
        let faults: Vec<String> =
            locked(&self.faults).iter().map(|(name, count)| format!("{count} × {name}")).collect();
        let _ = writeln!(text, "faults: {}", faults.join(", "));
        let memory: Vec<String> =
            locked(&self.memory).iter().map(|(name, kib)| format!("{name} {} MiB", kib / 1024)).collect();
        let _ = writeln!(text, "memory peaks: {}", memory.join(", "));
        text
    }
}

/// How long things took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// Load and faults.
    pub(crate) load: Duration,
    /// From the last fault until all was stored and ended.
    pub(crate) drain: Duration,
}

/// A number of KiB in one of the files of `/proc/<pid>`.
fn kib(pid: u32, file: &str, key: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
