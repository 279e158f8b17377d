//! The book of a simulated cluster: what each minion truly ran, finished and brought to Salt. The server never sees it; it is
//! what the history is compared with. Kept in memory for the comparison, and as an append-only file for a person.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};

/// What is true of one (jid, minion).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// How often the minion ran the job.
    pub runs: u8,
    /// It came to its end.
    pub finished: bool,
    /// Salt has the return: on the bus and in the job cache.
    pub kept: bool,
    /// The return was sent to a master, or tried to.
    pub sent: bool,
}

/// What is true of one job.
#[derive(Clone, Debug)]
pub struct JobTruth {
    /// Jid.
    pub jid: String,
    /// First argument, by which whoever sent it knows it again.
    pub token: String,
    /// Of each minion of the cluster, in its order.
    pub marks: Vec<Mark>,
}

/// Sums.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    /// Runs that began.
    pub runs: u64,
    /// Returns that Salt has.
    pub kept: u64,
    /// Returns sent once more on purpose.
    pub repeated: u64,
    /// Returns that died with a master, or with a connection to it.
    pub lost: u64,
    /// Jobs heard a second time, which a minion does not run again.
    pub ignored: u64,
}

/// The book.
#[derive(Debug)]
pub struct Book {
    minions: Vec<String>,
    pages: Mutex<Pages>,
}

#[derive(Debug)]
struct Pages {
    jobs: Vec<JobTruth>,
    by_jid: HashMap<String, usize>,
    sums: Sums,
    file: BufWriter<File>,
}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Happened {
    /// It came to its end.
    Finished,
    /// A return left for a master.
    Sent,
    /// Salt has it.
    Kept,
    /// It left once more on purpose.
    Repeated,
    /// It died.
    Lost,
    /// Heard again, not run.
    Ignored,
}

impl Book {
    /// An empty book of these minions, written to `file` too.
    pub fn open(file: &Path, minions: &[String]) -> Result<Self> {
        let file = File::create(file).with_context(|| format!("cannot create {}", file.display()))?;
        let pages = Pages {
            jobs: Vec::new(),
            by_jid: HashMap::new(),
            sums: Sums::default(),
            file: BufWriter::new(file),
        };
        Ok(Self { minions: minions.to_vec(), pages: Mutex::new(pages) })
    }

    /// The minions, in the order of the marks.
    pub fn minions(&self) -> &[String] {
        &self.minions
    }

    /// A minion runs a job. How often it has by now.
    pub fn runs(&self, jid: &str, token: &str, minion: usize) -> u8 {
        let mut pages = self.pages();
        let mark = pages.mark(jid, token, minion, self.minions.len());
        mark.runs = mark.runs.saturating_add(1);
        let runs = mark.runs;
        pages.sums.runs += 1;
        pages.write(&self.minions, jid, minion, if runs > 1 { "RUNS AGAIN" } else { "runs" });
        runs
    }

    /// Something happened to a run.
    pub fn note(&self, jid: &str, minion: usize, what: Happened) {
        let mut pages = self.pages();
        let mark = pages.mark(jid, "", minion, self.minions.len());
        let word = match what {
            Happened::Finished => {
                mark.finished = true;
                return;
            }
            Happened::Sent => {
                mark.sent = true;
                return;
            }
            Happened::Kept => {
                mark.kept = true;
                pages.sums.kept += 1;
                "kept"
            }
            Happened::Repeated => {
                pages.sums.repeated += 1;
                "repeated"
            }
            Happened::Lost => {
                pages.sums.lost += 1;
                "lost"
            }
            Happened::Ignored => {
                pages.sums.ignored += 1;
                "ignored"
            }
        };
        pages.write(&self.minions, jid, minion, word);
    }

    /// What is true of one run.
    pub fn mark(&self, jid: &str, minion: usize) -> Mark {
        let pages = self.pages();
        let job = pages.by_jid.get(jid).and_then(|at| pages.jobs.get(*at));
        job.and_then(|job| job.marks.get(minion)).copied().unwrap_or_default()
    }

    /// All jobs.
    pub fn jobs(&self) -> Vec<JobTruth> {
        self.pages().jobs.clone()
    }

    /// Sums.
    pub fn sums(&self) -> Sums {
        self.pages().sums
    }

    /// Brings the file up to date.
    pub fn flush(&self) {
        let _ = self.pages().file.flush();
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    fn mark(&mut self, jid: &str, token: &str, minion: usize, minions: usize) -> &mut Mark {
        let at = if let Some(at) = self.by_jid.get(jid) {
            *at
        } else {
            let marks = vec![Mark::default(); minions];
            self.jobs.push(JobTruth { jid: jid.to_owned(), token: token.to_owned(), marks });
            self.by_jid.insert(jid.to_owned(), self.jobs.len() - 1);
            self.jobs.len() - 1
        };
        let marks = &mut self.jobs[at].marks;
        &mut marks[minion]
    }

    fn write(&mut self, minions: &[String], jid: &str, minion: usize, word: &str) {
        let minion = minions.get(minion).map_or("?", String::as_str);
        let _ = writeln!(self.file, "{jid} {minion} {word}");
    }
}
