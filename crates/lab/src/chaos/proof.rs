//! The proof: what the API says of every command, outcome and return, beside what the simulated minions truly did. It shares
//! nothing with the server's own bookkeeping.

mod job;
mod runs;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use anyhow::{Context, Result};
use raas_api::cmd::{Cmd, GetCmds, GetCmdsParams};
use raas_api::master::{GetMasterDetails, GetMasterDetailsParams};
use raas_api::ret::{GetReturns, GetReturnsParams};
use raas_api::{CommandKind, CommandState, Jid, OutcomeState, Presence};
use raas_lab::Api;
use raas_lab::sim::Book;
use raas_lab::sim::book::{JobTruth, Sums};
use tokio::task::JoinSet;

use super::fleet::Fleet;
use super::load::{Issued, locked};

/// Problems that are told; there may be more.
const TOLD: usize = 20;
/// Commands looked at side by side.
const BESIDE: usize = 4;
/// Commands on a page.
const PAGE: i64 = 500;
/// Returns that are counted in one call.
const PART: u64 = 5_000;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Proven {
    /// Sums of the minions' books.
    pub(crate) sums: Sums,
    /// Returns of minions in the history.
    pub(crate) stored: u64,
    /// Commands in the history.
    pub(crate) commands: u64,
    /// Outcomes by their state.
    pub(crate) outcomes: BTreeMap<OutcomeState, u64>,
    /// Returns that a second master brought too.
    pub(crate) witnessed: u64,
    /// Runners that ran.
    pub(crate) runners: u64,
    /// Results of runners in the history.
    pub(crate) runner_returns: u64,
    /// What is wrong.
    pub(crate) problems: Vec<String>,
    /// How much is wrong.
    pub(crate) wrong: u64,
}

impl Proven {
    /// Notes what is wrong.
    pub(crate) fn wrong(&mut self, what: String) {
        self.wrong += 1;
        if self.problems.len() < TOLD {
            self.problems.push(what);
        }
    }

    fn add(&mut self, other: Self) {
        self.stored += other.stored;
        self.witnessed += other.witnessed;
        for (state, count) in other.outcomes {
            *self.outcomes.entry(state).or_default() += count;
        }
        self.wrong += other.wrong;
        self.problems.extend(other.problems);
        self.problems.truncate(TOLD);
    }
}

impl fmt::Display for Proven {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sums, stored, commands, witnessed, runners, .. } = self;
        writeln!(
            out,
            "{commands} commands; minions ran {} jobs, Salt took {} returns, stored are {stored} ({} more were fetched from \
             minions that keep them); 0 lost, 0 doubled",
            sums.runs,
            sums.kept,
            stored.saturating_sub(sums.kept)
        )?;
        writeln!(
            out,
            "deliveries that came twice: {} returns sent again, {witnessed} returns brought by two masters, {} jobs heard \
             again and not run; {} returns died with their master",
            sums.repeated, sums.ignored, sums.lost
        )?;
        let states: Vec<String> =
            self.outcomes.iter().map(|(state, count)| format!("{count} {state}")).collect();
        write!(out, "outcomes, all ended: {}; {runners} runners, each run once at most", states.join(", "))
    }
}

/// How much is left to do: commands that have not ended, records in spools, masters that are not there.
pub(crate) async fn left(api: &Api) -> Result<i64> {
    let mut left = 0;
    for state in [CommandState::New, CommandState::Retrieved] {
        let params = GetCmdsParams {
            state: Some(state),
            filter_find_job: Some(false),
            limit: 1,
            ..Default::default()
        };
        left += api.call::<GetCmds>(&params).await?.count;
    }
    for master in api.call::<GetMasterDetails>(&GetMasterDetailsParams::default()).await?.results {
        left += master.spool_records.unwrap_or(0) + i64::from(master.presence_status != Presence::Present);
    }
    Ok(left)
}

/// Truth of one cluster, by jid.
#[derive(Debug)]
pub(crate) struct Truth {
    book: Arc<Book>,
    jobs: HashMap<String, JobTruth>,
}

/// Compares everything.
pub(crate) async fn prove(fleet: &Fleet, issued: &Issued) -> Result<Proven> {
    let api = fleet.api().await?;
    let commands = all_commands(&api).await?;
    let mut proven = Proven { commands: commands.len() as u64, ..Proven::default() };
    let mut truths: HashMap<String, Arc<Truth>> = HashMap::new();
    for cluster in &fleet.clusters {
        cluster.book.flush();
        let sums = cluster.book.sums();
        proven.sums.runs += sums.runs;
        proven.sums.kept += sums.kept;
        proven.sums.repeated += sums.repeated;
        proven.sums.lost += sums.lost;
        proven.sums.ignored += sums.ignored;
        let jobs = cluster.book.jobs().into_iter().map(|job| (job.jid.clone(), job)).collect();
        truths.insert(cluster.id.clone(), Arc::new(Truth { book: Arc::clone(&cluster.book), jobs }));
    }
    known(&commands, issued, &mut proven);
    unheard_of(&commands, &truths, &mut proven);
    runs::check(&api, fleet, &commands, &mut proven).await?;
    let mut sorted: Vec<(Jid, u64)> =
        commands.iter().map(|one| (one.jid.clone(), u64::try_from(one.returned).unwrap_or(0))).collect();
    sorted.sort();
    let mut looking = JoinSet::new();
    for command in commands.into_iter().filter(|command| command.cmd == CommandKind::Local) {
        if looking.len() >= BESIDE
            && let Some(found) = looking.join_next().await
        {
            proven.add(found.context("a look at a command failed")??);
        }
        let cluster = command.clusters.first().cloned().unwrap_or_default();
        let truth =
            truths.get(&cluster).cloned().with_context(|| format!("no cluster is called {cluster:?}"))?;
        let api = Arc::clone(&api);
        looking.spawn(async move { job::check(&api, &command, &truth).await });
    }
    while let Some(found) = looking.join_next().await {
        proven.add(found.context("a look at a command failed")??);
    }
    recount(&api, &sorted, &mut proven).await?;
    Ok(proven)
}

async fn all_commands(api: &Api) -> Result<Vec<Cmd>> {
    let mut all = Vec::new();
    for page in 0.. {
        let params = GetCmdsParams {
            filter_find_job: Some(false),
            filter_refresh_grains: Some(false),
            reverse: false,
            limit: PAGE,
            page: Some(page),
            ..Default::default()
        };
        // Until the last page, as the API counts to a limit only.
        let found = api.call::<GetCmds>(&params).await?.results;
        let last = i64::try_from(found.len())? < PAGE;
        all.extend(found);
        if last {
            break;
        }
    }
    Ok(all)
}

/// The token that a command was sent with.
fn token(command: &Cmd) -> &str {
    command.arg["arg"][0].as_str().unwrap_or_default()
}

/// Every command is one that was sent, once; every one whose call was answered is there.
fn known(commands: &[Cmd], issued: &Issued, proven: &mut Proven) {
    let (jobs, runners, cli) = (locked(&issued.jobs), locked(&issued.runners), locked(&issued.cli));
    let mut seen = HashSet::new();
    for command in commands {
        let token = token(command);
        let sent = jobs.contains_key(token) || runners.contains_key(token) || cli.contains_key(token);
        if !sent {
            proven.wrong(format!(
                "{}: nobody sent this command ({} {})",
                command.jid, command.fun, command.arg
            ));
        } else if !seen.insert(token) {
            proven.wrong(format!("{}: {token} was sent once and is there twice", command.jid));
        }
    }
    let answered = jobs.iter().chain(runners.iter()).filter_map(|(token, jid)| Some((token, jid.as_ref()?)));
    for (token, jid) in answered.filter(|(token, _)| !seen.contains(token.as_str())) {
        proven.wrong(format!("{jid}: the server took {token} and has no such command"));
    }
}

/// Returns of jobs that the history does not know at all.
fn unheard_of(commands: &[Cmd], truths: &HashMap<String, Arc<Truth>>, proven: &mut Proven) {
    let known: HashSet<&str> = commands.iter().map(|command| command.jid.as_str()).collect();
    for truth in truths.values() {
        for job in truth.jobs.values().filter(|job| !known.contains(job.jid.as_str())) {
            for (mark, minion) in job.marks.iter().zip(truth.book.minions()).filter(|(mark, _)| mark.kept) {
                proven
                    .wrong(format!("{} {minion}: LOST, and the job is not known either ({mark:?})", job.jid));
            }
        }
    }
}

/// All returns of the history belong to those commands. Counted in parts of the jids: the API counts to a limit only.
async fn recount(api: &Api, sorted: &[(Jid, u64)], proven: &mut Proven) -> Result<()> {
    let (mut counted, mut start) = (0, None);
    let mut parts = parts(sorted).peekable();
    while let Some(part) = parts.next() {
        // The last one has no end: what came after all commands is counted too.
        let end = part.last().filter(|_| parts.peek().is_some()).map(|(jid, _)| jid.clone());
        let params =
            GetReturnsParams { start: start.take(), end: end.clone(), limit: Some(1), ..Default::default() };
        counted += u64::try_from(api.call::<GetReturns>(&params).await?.count)?;
        start = end.and_then(|jid| after(&jid));
    }
    let belong = proven.stored + proven.runner_returns;
    if counted != belong {
        proven.wrong(format!("the history has {counted} returns, its commands have {belong}"));
    }
    Ok(())
}

/// Parts of less returns than the API counts; one at least.
fn parts(sorted: &[(Jid, u64)]) -> impl Iterator<Item = &[(Jid, u64)]> {
    let mut sum = 0;
    let starts_part = move |(_, returns): &(Jid, u64)| {
        sum += returns;
        let full = sum > PART;
        sum = if full { *returns } else { sum };
        full
    };
    let mut ends: Vec<usize> =
        sorted.iter().map(starts_part).enumerate().filter_map(|(at, full)| full.then_some(at)).collect();
    ends.push(sorted.len());
    let mut from = 0;
    ends.into_iter().map(move |end| &sorted[std::mem::replace(&mut from, end)..end])
}

/// The next jid.
fn after(jid: &Jid) -> Option<Jid> {
    let next = jid.as_str().parse::<u128>().ok()? + 1;
    format!("{next:020}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_all_commands_and_no_more_returns_than_can_be_counted() {
        let jid = |n: u64| format!("20260102030405{n:06}").parse::<Jid>().unwrap();
        let sorted: Vec<(Jid, u64)> = (0..100).map(|n| (jid(n), 1700)).collect();
        let found: Vec<&[(Jid, u64)]> = parts(&sorted).collect();
        assert_eq!(found.iter().map(|part| part.len()).sum::<usize>(), 100);
        assert!(found.iter().all(|part| part.iter().map(|(_, n)| n).sum::<u64>() <= PART));
        assert_eq!(parts(&[]).count(), 1);
        assert_eq!(after(&jid(7)), Some(jid(8)));
    }
}
