//! Tables `highstate_*`: what runs of states made of each minion, written as returns come in; and what is asked of it.
//! The answers are JSON made by the database: rollups over all minions, of which one page leaves it.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};

use crate::{DbError, Only, Session};

/// What a run that could not be rendered, or did not start, is shown as.
pub const NOT_RUN: &str = "(the run itself)";

/// One run of states of one minion.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// Day of the jid.
    pub day: Date,
    /// Jid.
    pub jid: &'a str,
    /// Minion.
    pub minion_id: &'a str,
    /// A whole highstate that ran: what it does not name is gone.
    pub full: bool,
    /// A dry run.
    pub test: bool,
    /// Environment.
    pub saltenv: &'a str,
    /// What each state made.
    pub states: &'a [StateResult],
}

/// What one state made.
#[derive(Clone, Debug, PartialEq)]
pub struct StateResult {
    /// Salt's own name of it, unique in its run.
    pub tag: String,
    /// Its id.
    pub state: String,
    /// Where it stands.
    pub sls: String,
    /// Place in the run.
    pub run_num: i64,
    /// Whether it is as wanted.
    pub result: bool,
    /// How many changes.
    pub num_changes: i64,
    /// Milliseconds.
    pub duration: f64,
    /// JSON.
    pub changes: String,
    /// Comment.
    pub comment: String,
}

/// Takes runs of one cluster; older ones never replace newer ones, the same again changes nothing.
pub async fn store(
    client: &impl Session,
    cluster_id: &str,
    now: Timestamp,
    runs: &[Run<'_>],
) -> Result<(), DbError> {
    if runs.is_empty() {
        return Ok(());
    }
    let minions: Vec<&str> = runs.iter().map(|run| run.minion_id).collect();
    let tests: Vec<bool> = runs.iter().map(|run| run.test).collect();
    let envs: Vec<&str> = runs.iter().map(|run| run.saltenv).collect();
    let full: Vec<&str> = runs.iter().map(|run| if run.full { run.jid } else { "" }).collect();
    let sql = include_str!("../queries/highstate/full.sql");
    client.execute(sql, &[&cluster_id, &minions, &tests, &envs, &full]).await?;
    client.execute(include_str!("../queries/highstate/drop_older.sql"), &[&cluster_id, &minions]).await?;
    drop_failed(client, cluster_id, runs).await?;
    save(client, cluster_id, now, runs).await?;
    days(client, cluster_id, runs).await
}

/// Of runs that ran: that one before them did not is over.
async fn drop_failed(client: &impl Session, cluster_id: &str, runs: &[Run<'_>]) -> Result<(), DbError> {
    let ran: Vec<&Run<'_>> =
        runs.iter().filter(|run| run.states.iter().all(|one| one.tag != NOT_RUN)).collect();
    let minions: Vec<&str> = ran.iter().map(|run| run.minion_id).collect();
    let tests: Vec<bool> = ran.iter().map(|run| run.test).collect();
    let jids: Vec<&str> = ran.iter().map(|run| run.jid).collect();
    let sql = include_str!("../queries/highstate/drop_failed.sql");
    client.execute(sql, &[&cluster_id, &minions, &tests, &jids]).await.map(drop)
}

/// Each state of each minion once: its newest result.
async fn save(
    client: &impl Session,
    cluster_id: &str,
    now: Timestamp,
    runs: &[Run<'_>],
) -> Result<(), DbError> {
    let mut newest = BTreeMap::<(&str, bool, &str), (&Run<'_>, &StateResult)>::new();
    for run in runs {
        for state in run.states {
            let kept = newest.entry((run.minion_id, run.test, &state.tag)).or_insert((run, state));
            if kept.0.jid < run.jid {
                *kept = (run, state);
            }
        }
    }
    let all: Vec<(&Run<'_>, &StateResult)> = newest.into_values().collect();
    let sql = include_str!("../queries/highstate/save.sql");
    client
        .execute(
            sql,
            &[
                &cluster_id,
                &now,
                &all.iter().map(|(run, _)| run.minion_id).collect::<Vec<_>>(),
                &all.iter().map(|(run, _)| run.test).collect::<Vec<_>>(),
                &all.iter().map(|(_, one)| one.tag.as_str()).collect::<Vec<_>>(),
                &all.iter().map(|(run, _)| run.jid).collect::<Vec<_>>(),
                &all.iter().map(|(run, _)| run.saltenv).collect::<Vec<_>>(),
                &all.iter().map(|(_, one)| one.state.as_str()).collect::<Vec<_>>(),
                &all.iter().map(|(_, one)| one.sls.as_str()).collect::<Vec<_>>(),
                &all.iter().map(|(_, one)| one.run_num).collect::<Vec<_>>(),
                &all.iter().map(|(_, one)| one.result).collect::<Vec<_>>(),
                &all.iter().map(|(_, one)| one.num_changes).collect::<Vec<_>>(),
                &all.iter().map(|(_, one)| one.duration).collect::<Vec<_>>(),
                &all.iter().map(|(_, one)| one.changes.as_str()).collect::<Vec<_>>(),
                &all.iter().map(|(_, one)| one.comment.as_str()).collect::<Vec<_>>(),
            ],
        )
        .await
        .map(drop)
}

async fn days(client: &impl Session, cluster_id: &str, runs: &[Run<'_>]) -> Result<(), DbError> {
    let real: Vec<&Run<'_>> = runs.iter().filter(|run| !run.test).collect();
    let count = |run: &Run<'_>, which: fn(&StateResult) -> bool| {
        i64::try_from(run.states.iter().filter(|one| which(one)).count()).unwrap_or(i64::MAX)
    };
    let sql = include_str!("../queries/highstate/save_day.sql");
    client
        .execute(
            sql,
            &[
                &cluster_id,
                &real.iter().map(|run| run.day).collect::<Vec<_>>(),
                &real.iter().map(|run| run.minion_id).collect::<Vec<_>>(),
                &real.iter().map(|run| run.jid).collect::<Vec<_>>(),
                &real.iter().map(|run| count(run, |_| true)).collect::<Vec<_>>(),
                &real.iter().map(|run| count(run, |one| !one.result)).collect::<Vec<_>>(),
                &real.iter().map(|run| count(run, |one| one.num_changes > 0)).collect::<Vec<_>>(),
                &real.iter().map(|run| run.states.iter().map(|one| one.duration).sum()).collect::<Vec<f64>>(),
            ],
        )
        .await
        .map(drop)
}

/// Forgets minions that are not there any more.
pub async fn forget(client: &impl Session) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/highstate/forget.sql"), &[]).await
}

/// Filters, order and page; which of them an answer uses is said at each. Texts match as parts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'a> {
    /// Dry runs instead of real ones.
    pub test: bool,
    /// Results that came later only.
    pub since: Option<Timestamp>,
    /// Master or cluster.
    pub entity: Option<&'a str>,
    /// Minion.
    pub minion_id: Option<&'a str>,
    /// State.
    pub state: Option<&'a str>,
    /// SLS.
    pub sls: Option<&'a str>,
    /// Environment.
    pub saltenv: Option<&'a str>,
    /// Jid.
    pub jid: Option<&'a str>,
    /// Good ones, or bad ones.
    pub result: Option<bool>,
    /// With changes, or without.
    pub changes: Option<bool>,
    /// Comment.
    pub comment: Option<&'a str>,
    /// The summary is of what was found, not of everything.
    pub filter_summary: bool,
    /// A word of the answer.
    pub sort_by: Option<&'a str>,
    /// Largest first.
    pub reverse: bool,
    /// -1: all.
    pub limit: i64,
    /// How many to leave out.
    pub offset: i64,
    /// Of these minions; [`minions`] only.
    pub only: Option<&'a Only>,
}

impl Search<'_> {
    /// The summary is of what was found; also where nothing is left out, so that it is not counted twice.
    fn sums_found(&self) -> bool {
        let texts = [self.entity, self.minion_id, self.state, self.sls, self.saltenv, self.jid, self.comment];
        let unfiltered = texts.iter().all(Option::is_none) && self.result.is_none() && self.changes.is_none();
        self.filter_summary || (unfiltered && self.only.is_none_or(Only::is_all))
    }
}

/// Minions with their totals: `test, since, entity, minion_id, saltenv, jid, result, changes`.
pub async fn minions(client: &impl Session, search: &Search<'_>) -> Result<String, DbError> {
    let Search { test, since, entity, minion_id, saltenv, jid, result, changes, .. } = search;
    let only = search.only;
    let (Search { sort_by, reverse, limit, offset, .. }, filter_summary) = (search, &search.sums_found());
    let sql = include_str!("../queries/highstate/minions.sql");
    let params: crate::Params<'_> = &[
        test,
        since,
        entity,
        minion_id,
        saltenv,
        jid,
        result,
        changes,
        filter_summary,
        sort_by,
        reverse,
        limit,
        offset,
        &only.and_then(|only| only.clusters.as_ref()),
        &only.and_then(|only| only.minions.as_ref()),
    ];
    Ok(client.query_one(sql, params).await?.try_get("reply")?)
}

/// States with their totals: `test, since, state, sls, saltenv, jid, result, changes`.
pub async fn states(client: &impl Session, search: &Search<'_>) -> Result<String, DbError> {
    let Search { test, since, state, sls, saltenv, jid, result, changes, .. } = search;
    let (Search { sort_by, reverse, limit, offset, .. }, filter_summary) = (search, &search.sums_found());
    let sql = include_str!("../queries/highstate/states.sql");
    let params: crate::Params<'_> = &[
        test,
        since,
        state,
        sls,
        saltenv,
        jid,
        result,
        changes,
        filter_summary,
        sort_by,
        reverse,
        limit,
        offset,
    ];
    Ok(client.query_one(sql, params).await?.try_get("reply")?)
}

/// The states of one minion (whole id): `test, state, sls, saltenv, jid, result, changes, comment`.
pub async fn of_minion(client: &impl Session, minion: &str, search: &Search<'_>) -> Result<String, DbError> {
    let Search { test, state, sls, saltenv, jid, result, changes, comment, .. } = search;
    let (Search { sort_by, reverse, limit, offset, .. }, filter_summary) = (search, &search.sums_found());
    let sql = include_str!("../queries/highstate/of_minion.sql");
    let params: crate::Params<'_> = &[
        test,
        &minion,
        state,
        sls,
        saltenv,
        result,
        changes,
        comment,
        filter_summary,
        sort_by,
        reverse,
        limit,
        offset,
        jid,
    ];
    Ok(client.query_one(sql, params).await?.try_get("reply")?)
}

/// One state (whole id) on every minion: `test, entity, minion_id, saltenv, jid, result, changes, comment`.
pub async fn of_state(client: &impl Session, state: &str, search: &Search<'_>) -> Result<String, DbError> {
    let Search { test, entity, minion_id, saltenv, jid, result, changes, comment, .. } = search;
    let (Search { sort_by, reverse, limit, offset, .. }, filter_summary) = (search, &search.sums_found());
    let sql = include_str!("../queries/highstate/of_state.sql");
    let params: crate::Params<'_> = &[
        test,
        &state,
        entity,
        minion_id,
        saltenv,
        result,
        changes,
        comment,
        filter_summary,
        sort_by,
        reverse,
        limit,
        offset,
        jid,
    ];
    Ok(client.query_one(sql, params).await?.try_get("reply")?)
}

/// One object per day.
pub async fn stats(
    client: &impl Session,
    begin: Option<Date>,
    end: Option<Date>,
    reverse: bool,
) -> Result<String, DbError> {
    let sql = include_str!("../queries/highstate/stats.sql");
    Ok(client.query_one(sql, &[&begin, &end, &reverse]).await?.try_get("reply")?)
}
