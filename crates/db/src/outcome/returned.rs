//! Outcomes follow their returns: those that a return decides, and those of which one came again.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date};

use crate::{
    DbError, Session,
    command::Delta,
    ret::{NewReturn, Reporter},
};

/// Whether an outcome in this state is not final.
fn is_open(state: &str) -> bool {
    matches!(state, "queued" | "delivered" | "running")
}

/// Ends the outcomes that these returns decide. For each, in their order, what it changes; none where a return was before it.
pub(crate) async fn decided(
    client: &impl Session,
    day: Date,
    from: Reporter<'_>,
    now: Timestamp,
    returns: &[&NewReturn<'_>],
) -> Result<Vec<Option<Delta>>, DbError> {
    let sql = include_str!("../../queries/outcome/decided.sql");
    let jids: Vec<_> = returns.iter().map(|r| r.jid).collect();
    let minions: Vec<_> = returns.iter().map(|r| r.minion_id).collect();
    let good: Vec<_> = returns.iter().map(|r| is_good(r)).collect();
    let codes: Vec<_> = returns.iter().map(|r| r.retcode).collect();
    let planned: Vec<_> = returns.iter().map(|r| r.planned).collect();
    let (cluster, master) = (from.cluster_id, from.master_uuid);
    let params: crate::Params<'_> =
        &[&day, &cluster, &master, &now, &jids, &minions, &good, &codes, &planned];
    let rows = client.query(sql, params).await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        let key: (&str, &str) = (row.try_get("jid")?, row.try_get("minion_id")?);
        found.insert(key, row.try_get::<_, Option<&str>>("found")?);
    }
    let decides = |one: &&NewReturn<'_>| found.get(&(one.jid, one.minion_id)).map(|state| delta(one, *state));
    Ok(returns.iter().map(decides).collect())
}

/// Brings outcomes after returns that came again, whose rows in `ret` and `witness` are written.
pub(crate) async fn returned(
    client: &impl Session,
    cluster_id: &str,
    now: Timestamp,
    again: &[&NewReturn<'_>],
) -> Result<Vec<Delta>, DbError> {
    let sql = include_str!("../../queries/outcome/returned.sql");
    let days: Vec<_> = again.iter().map(|r| r.day).collect();
    let jids: Vec<_> = again.iter().map(|r| r.jid).collect();
    let minions: Vec<_> = again.iter().map(|r| r.minion_id).collect();
    let hashes: Vec<_> = again.iter().map(|r| r.body.hash.as_slice()).collect();
    let success: Vec<_> = again.iter().map(|r| r.success).collect();
    let codes: Vec<_> = again.iter().map(|r| r.retcode).collect();
    let trimmed: Vec<_> = again.iter().map(|r| r.trimmed).collect();
    let rows = client
        .query(sql, &[&days, &jids, &minions, &hashes, &success, &codes, &trimmed, &cluster_id, &now])
        .await?;
    rows.iter().map(super::delta).collect()
}

fn is_good(one: &NewReturn<'_>) -> bool {
    one.success && one.retcode == 0
}

/// What the first return of an outcome changes; before, it was in this state, or not there.
fn delta(one: &NewReturn<'_>, before: Option<&str>) -> Delta {
    Delta {
        jid: one.jid.to_owned(),
        expected: i64::from(before.is_none()),
        open: -i64::from(before.is_some_and(is_open)),
        good: i64::from(is_good(one)),
        failed: i64::from(!is_good(one)),
    }
}
