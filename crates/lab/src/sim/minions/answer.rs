//! What minions answer to the questions of a plugin: are you there, does it run, do you keep its return?

use serde_json::{Value, json};

use super::Cluster;
use crate::sim::line::Sent;
use crate::sim::value;

/// Whether a job is a plugin's own question.
pub(super) fn is_own(metadata: Option<&Value>) -> bool {
    metadata.is_some_and(|metadata| metadata.get("raas_own_question").is_some())
}

impl Cluster {
    /// `cache_jobs: true` in every second minion.
    fn keeps_returns(minion: usize) -> bool {
        minion.is_multiple_of(2)
    }

    pub(super) fn answer(&mut self, minion: usize, job: usize, via: usize) {
        if !self.minions[minion].on[via] {
            return;
        }
        let asked = &self.jobs[job];
        let about = asked.arg[0].as_str().unwrap_or_default();
        let ret = match asked.fun.as_str() {
            "saltutil.find_job" => self.find_job(minion, about),
            "saltutil.find_cached_job" => self.find_cached_job(minion, about),
            _ => json!(true),
        };
        let sent = Sent {
            number: 0,
            jid: asked.jid.clone(),
            id: self.book.minions()[minion].clone(),
            fun: asked.fun.clone(),
            fun_args: asked.arg.clone(),
            ret,
            bytes: None,
            retcode: 0,
            metadata: asked.metadata.clone(),
        };
        self.outbox[via].1.push(sent);
    }

    fn find_job(&self, minion: usize, jid: &str) -> Value {
        let running = self.by_jid.get(jid).is_some_and(|job| self.minions[minion].running.contains(job));
        if running { json!({"jid": jid, "pid": 4242}) } else { json!({}) }
    }

    fn find_cached_job(&self, minion: usize, jid: &str) -> Value {
        let none = || json!(format!("Job {jid} is not kept here"));
        let mark = self.book.mark(jid, minion);
        let (Some(job), true) = (self.by_jid.get(jid), mark.finished && Self::keeps_returns(minion)) else {
            return none();
        };
        let (job, id) = (&self.jobs[*job], &self.book.minions()[minion]);
        let returned = value::of(jid, id, mark.runs);
        if returned.bytes.is_some() {
            return none();
        }
        json!({
            "cmd": "_return", "jid": jid, "id": id, "fun": job.fun, "fun_args": job.arg, "return": returned.value,
            "retcode": returned.retcode, "success": returned.retcode == 0,
        })
    }
}
