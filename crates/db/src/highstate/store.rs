//! Runs of states are worked in, and totals follow. One at a time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};

use super::{NOT_RUN, Run, StateResult};
use crate::{DbError, Session};

const ADD: i64 = 1;
const TAKE: i64 = -1;

/// Takes runs of one cluster; older ones never replace newer ones, the same again changes nothing. The caller holds
/// [`super::lock`]: totals are taken back before the change and added again after it.
pub async fn store(
    client: &impl Session,
    cluster_id: &str,
    now: Timestamp,
    runs: &[Run<'_>],
) -> Result<(), DbError> {
    if runs.is_empty() {
        return Ok(());
    }
    let minions: Vec<&str> =
        runs.iter().map(|run| run.minion_id).collect::<BTreeSet<_>>().into_iter().collect();
    full(client, cluster_id, runs).await?;
    count(client, cluster_id, &minions, TAKE).await?;
    client.execute(include_str!("../../queries/highstate/drop_older.sql"), &[&cluster_id, &minions]).await?;
    save(client, cluster_id, now, runs).await?;
    drop_failed(client, cluster_id, runs).await?;
    count(client, cluster_id, &minions, ADD).await?;
    client.execute(include_str!("../../queries/highstate/drop_totals.sql"), &[&cluster_id, &minions]).await?;
    client.execute(include_str!("../../queries/highstate/totals.sql"), &[&cluster_id, &minions]).await?;
    sums(client, cluster_id, &minions).await?;
    client.execute(include_str!("../../queries/highstate/note_absent.sql"), &[&cluster_id, &minions]).await?;
    days(client, cluster_id, runs).await
}

/// Which whole highstate counts.
async fn full(client: &impl Session, cluster_id: &str, runs: &[Run<'_>]) -> Result<(), DbError> {
    let minions: Vec<&str> = runs.iter().map(|run| run.minion_id).collect();
    let tests: Vec<bool> = runs.iter().map(|run| run.test).collect();
    let envs: Vec<&str> = runs.iter().map(|run| run.saltenv).collect();
    let full: Vec<&str> = runs.iter().map(|run| if run.full { run.jid } else { "" }).collect();
    let sql = include_str!("../../queries/highstate/full.sql");
    client.execute(sql, &[&cluster_id, &minions, &tests, &envs, &full]).await.map(drop)
}

/// Adds what minions have to the totals of states, or takes it from them.
async fn count(client: &impl Session, cluster_id: &str, minions: &[&str], sign: i64) -> Result<(), DbError> {
    let sql = include_str!("../../queries/highstate/count.sql");
    client.execute(sql, &[&cluster_id, &minions, &sign]).await.map(drop)
}

/// Of runs that ran: that one before them did not is over.
async fn drop_failed(client: &impl Session, cluster_id: &str, runs: &[Run<'_>]) -> Result<(), DbError> {
    let ran: Vec<&Run<'_>> =
        runs.iter().filter(|run| run.states.iter().all(|one| one.tag != NOT_RUN)).collect();
    let minions: Vec<&str> = ran.iter().map(|run| run.minion_id).collect();
    let tests: Vec<bool> = ran.iter().map(|run| run.test).collect();
    let jids: Vec<&str> = ran.iter().map(|run| run.jid).collect();
    let sql = include_str!("../../queries/highstate/drop_failed.sql");
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
    let sql = include_str!("../../queries/highstate/save.sql");
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

/// The last run of each day, and the totals of the days.
async fn days(client: &impl Session, cluster_id: &str, runs: &[Run<'_>]) -> Result<(), DbError> {
    let real: Vec<&Run<'_>> = runs.iter().filter(|run| !run.test).collect();
    let count = |run: &Run<'_>, which: fn(&StateResult) -> bool| {
        i64::try_from(run.states.iter().filter(|one| which(one)).count()).unwrap_or(i64::MAX)
    };
    let sql = include_str!("../../queries/highstate/save_day.sql");
    count_days(client, cluster_id, &real, TAKE).await?;
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
        .await?;
    count_days(client, cluster_id, &real, ADD).await
}

async fn count_days(
    client: &impl Session,
    cluster_id: &str,
    runs: &[&Run<'_>],
    sign: i64,
) -> Result<(), DbError> {
    let days: Vec<Date> = runs.iter().map(|run| run.day).collect();
    let minions: Vec<&str> = runs.iter().map(|run| run.minion_id).collect();
    let sql = include_str!("../../queries/highstate/count_days.sql");
    client.execute(sql, &[&cluster_id, &days, &minions, &sign]).await.map(drop)
}

/// Forgets those of these minions that are not there any more. The caller holds [`super::lock`].
pub async fn forget(client: &impl Session, cluster_id: &str, minions: &[&str]) -> Result<(), DbError> {
    if minions.is_empty() {
        return Ok(());
    }
    let rows =
        client.query(include_str!("../../queries/highstate/gone.sql"), &[&cluster_id, &minions]).await?;
    let gone: Vec<String> = rows.iter().map(|row| row.try_get("minion_id")).collect::<Result<_, _>>()?;
    let gone: Vec<&str> = gone.iter().map(String::as_str).collect();
    if !gone.is_empty() {
        count(client, cluster_id, &gone, TAKE).await?;
        let sql = include_str!("../../queries/highstate/forget.sql");
        client.execute(sql, &[&cluster_id, &gone]).await?;
    }
    // Whoever went and came back has lost its sums with its row, and nothing else.
    sums(client, cluster_id, minions).await
}

/// Sums of the totals of these minions, as far as they are there.
async fn sums(client: &impl Session, cluster_id: &str, minions: &[&str]) -> Result<(), DbError> {
    client.execute(include_str!("../../queries/highstate/sums.sql"), &[&cluster_id, &minions]).await.map(drop)
}

/// Lets totals go that are of nothing any more.
pub async fn clean(client: &impl Session) -> Result<(), DbError> {
    client.execute(include_str!("../../queries/highstate/clean.sql"), &[]).await.map(drop)
}
