//! How minions connect and how their returns travel: acknowledged by Salt, lost with a master, tried again, sent twice.

use std::time::Duration;

use tokio::time::Instant;

use super::{Cluster, Due, ToMaster};
use crate::sim::book::Happened;
use crate::sim::line::{self, Sent};
use crate::sim::value;

/// A hot-hot minion of 3007 and 3008 tries for some 54 s.
const TRIES: u8 = 27;
const BETWEEN: Duration = Duration::from_secs(2);

/// A return that Salt has not acknowledged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    minion: usize,
    job: usize,
    run: u8,
    via: usize,
    /// Salt has it already.
    repeated: bool,
}

impl Cluster {
    pub(super) fn act(&mut self, due: Due, _now: Instant) {
        match due {
            Due::Attach { minion, master } => self.attach(minion, master),
            Due::Seek { minion, not } => self.seek(minion, not),
            Due::Finish { minion, job, run, via } => {
                self.minions[minion].running.retain(|one| *one != job);
                self.book.note(&self.jobs[job].jid, minion, Happened::Finished);
                self.bring(minion, job, run, via, TRIES);
            }
            Due::Again { minion, job, run, via, tries } => self.bring(minion, job, run, via, tries),
            Due::Answer { minion, job, via } => self.answer(minion, job, via),
        }
    }

    /// Says something to a master that is up.
    pub(super) fn say(&self, master: usize, what: &ToMaster) {
        if let Some(to) = &self.masters[master] {
            let _ = to.send(line::text(what));
        }
    }

    /// What was gathered goes out, a line for each master.
    pub(super) fn send_out(&mut self) {
        for master in 0..self.outbox.len() {
            let (attached, returns) = std::mem::take(&mut self.outbox[master]);
            if !attached.is_empty() {
                self.say(master, &ToMaster::Attach(attached));
            }
            if !returns.is_empty() {
                self.say(master, &ToMaster::Returns(returns));
            }
        }
    }

    pub(super) fn seek_soon(&mut self, minion: usize, not: Option<usize>) {
        if self.rules.failover {
            self.agenda.put(self.dice.ms(100, 2500), Due::Seek { minion, not });
        } else if let Some(master) = not {
            self.agenda.put(self.dice.ms(100, 2500), Due::Attach { minion, master });
        }
    }

    fn seek(&mut self, minion: usize, not: Option<usize>) {
        let up = |master: &usize| self.masters[*master].is_some();
        let all: Vec<usize> = (0..self.masters.len()).filter(up).collect();
        let others: Vec<usize> = all.iter().copied().filter(|master| Some(*master) != not).collect();
        let chosen = self.dice.pick(if others.is_empty() { &all } else { &others }).copied();
        match chosen {
            Some(master) => {
                self.minions[minion].on[master] = true;
                self.outbox[master].0.push(self.book.minions()[minion].clone());
            }
            None => self.agenda.put(Duration::from_millis(500), Due::Seek { minion, not: None }),
        }
    }

    /// Every second hot-hot minion is of 3006, and says nothing when it connects again.
    fn attach(&mut self, minion: usize, master: usize) {
        if self.masters[master].is_none() {
            return;
        }
        let one = &mut self.minions[minion];
        one.on[master] = true;
        let known = std::mem::replace(&mut one.knows[master], true);
        if !known || Self::is_newer(minion) {
            self.outbox[master].0.push(self.book.minions()[minion].clone());
        }
    }

    fn is_newer(minion: usize) -> bool {
        minion % 4 >= 2
    }

    pub(super) fn lost_master(&mut self, master: usize) {
        self.masters[master] = None;
        self.outbox[master] = (Vec::new(), Vec::new());
        for minion in 0..self.minions.len() {
            if std::mem::replace(&mut self.minions[minion].on[master], false) && self.rules.failover {
                self.seek_soon(minion, None);
            }
        }
        let gone: Vec<u64> =
            self.waiting.iter().filter(|(_, one)| one.via == master).map(|(n, _)| *n).collect();
        for number in gone {
            let Some(one) = self.waiting.remove(&number) else { continue };
            if !one.repeated {
                self.once_more(one.minion, one.job, one.run, master, TRIES);
            }
        }
    }

    /// Brings a return to the master that it belongs to.
    fn bring(&mut self, minion: usize, job: usize, run: u8, via: usize, tries: u8) {
        if self.minions[minion].on[via] && self.masters[via].is_some() {
            self.book.note(&self.jobs[job].jid, minion, Happened::Sent);
            self.send(Waiting { minion, job, run, via, repeated: false });
        } else {
            self.once_more(minion, job, run, via, tries);
        }
    }

    /// A failover minion's return is lost with its master; that of a newer hot-hot minion waits for it.
    fn once_more(&mut self, minion: usize, job: usize, run: u8, via: usize, tries: u8) {
        if self.rules.failover || !Self::is_newer(minion) || tries == 0 {
            self.book.note(&self.jobs[job].jid, minion, Happened::Lost);
        } else {
            self.agenda.put(BETWEEN, Due::Again { minion, job, run, via, tries: tries - 1 });
        }
    }

    fn send(&mut self, one: Waiting) {
        let (job, id) = (&self.jobs[one.job], &self.book.minions()[one.minion]);
        let returned = value::of(&job.jid, id, one.run);
        self.number += 1;
        let ret = if returned.bytes.is_some() { serde_json::Value::Null } else { returned.value };
        self.outbox[one.via].1.push(Sent {
            number: self.number,
            jid: job.jid.clone(),
            id: id.clone(),
            fun: job.fun.clone(),
            fun_args: job.arg.clone(),
            ret,
            bytes: returned.bytes,
            retcode: returned.retcode,
            metadata: job.metadata.clone(),
        });
        self.waiting.insert(self.number, one);
    }

    /// Salt has it. A few come a second time, also by another master: an acknowledgement was lost, a minion returned twice.
    pub(super) fn acknowledged(&mut self, number: u64) {
        let Some(one) = self.waiting.remove(&number) else { return };
        if one.repeated {
            return;
        }
        let jid = &self.jobs[one.job].jid;
        self.book.note(jid, one.minion, Happened::Kept);
        if self.dice.percent(3) {
            let via = self.dice.below(self.masters.len());
            if self.masters[via].is_some() {
                self.book.note(jid, one.minion, Happened::Repeated);
                self.send(Waiting { via, repeated: true, ..one });
            }
        }
    }
}
