//! States over all minions. Kept totals answer where nothing but states is left out; else rows are counted.

use super::search::{Reach, Search};
use crate::{DbError, Session};

/// States with their totals: `test, since, state, sls, saltenv, jid, result, changes`.
pub async fn states(client: &impl Session, search: &Search<'_>) -> Result<String, DbError> {
    let reach = search.reach(client).await?;
    if reach.is_all() && search.is_of_all_minions() {
        kept(client, search, &reach).await
    } else {
        counted(client, search, &reach).await
    }
}

async fn kept(client: &impl Session, search: &Search<'_>, reach: &Reach) -> Result<String, DbError> {
    let Search { test, state, sls, result, changes, sort_by, reverse, limit, offset, jid, saltenv, .. } =
        search;
    let sql = include_str!("../../queries/highstate/states_kept.sql");
    let params: crate::Params<'_> = &[
        test,
        state,
        sls,
        result,
        changes,
        &search.sums_found(),
        sort_by,
        reverse,
        limit,
        offset,
        jid,
        saltenv,
        &reach.oldest,
    ];
    Ok(client.query_one(sql, params).await?.try_get("reply")?)
}

async fn counted(client: &impl Session, search: &Search<'_>, reach: &Reach) -> Result<String, DbError> {
    let (clusters, minions) = search.pairs();
    let Search { test, since, state, sls, saltenv, jid, result, changes, .. } = search;
    let (Search { sort_by, reverse, limit, offset, .. }, filter_summary) = (search, &search.sums_found());
    let (few, summary_is_kept) = (reach.is_few(), reach.is_young() && search.is_of_all_minions());
    let sql = include_str!("../../queries/highstate/states.sql");
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
        &clusters,
        &minions,
        &few,
        &summary_is_kept,
    ];
    Ok(client.query_one(sql, params).await?.try_get("reply")?)
}
