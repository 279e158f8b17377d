//! All minions by what runs of states made of them. Kept sums answer where no run is left out; else runs are added up.

use std::sync::LazyLock;

use super::search::Search;
use crate::ordered::{Order, Ordered};
use crate::{DbError, Session};

/// By id: the order of the index `highstate_sum_by_id`, and of all that is equal otherwise.
const BY_ID: &str = r#"x.minion_id COLLATE "C", x.cluster_id COLLATE "C""#;

/// The statement in every order; this line of it is replaced.
static KEPT: LazyLock<Ordered<By>> = LazyLock::new(|| {
    Ordered::new(include_str!("../../queries/highstate/minions_kept.sql"), &format!("ORDER BY {BY_ID}"))
});

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Id,
    States,
    Failed,
    Succeeded,
    Changed,
    Unchanged,
    Duration,
}

impl By {
    /// By a word of the answer.
    fn read(word: Option<&str>) -> Self {
        match word {
            Some("total_states") => Self::States,
            Some("states_failed") => Self::Failed,
            Some("states_succeeded") => Self::Succeeded,
            Some("states_changed") => Self::Changed,
            Some("states_unchanged") => Self::Unchanged,
            Some("total_duration") => Self::Duration,
            _ => Self::Id,
        }
    }
}

impl Order for By {
    const ALL: &'static [Self] = &[
        Self::Id,
        Self::States,
        Self::Failed,
        Self::Succeeded,
        Self::Changed,
        Self::Unchanged,
        Self::Duration,
    ];

    fn by(self, descending: bool) -> String {
        let column = match self {
            Self::Id if descending => r#"x.minion_id COLLATE "C""#,
            Self::Id => return BY_ID.to_owned(),
            Self::States => "x.states",
            Self::Failed => "x.failed",
            Self::Succeeded => "x.states - x.failed",
            Self::Changed => "x.changed",
            Self::Unchanged => "x.states - x.changed",
            Self::Duration => "x.duration",
        };
        let way = if descending { " DESC" } else { "" };
        format!("{column}{way}, {BY_ID}")
    }
}

/// Minions with their totals: `test, since, entity, minion_id, saltenv, jid, result, changes`.
pub async fn minions(client: &impl Session, search: &Search<'_>) -> Result<String, DbError> {
    if search.reach(client).await?.is_all() {
        kept(client, search).await
    } else {
        added_up(client, search).await
    }
}

async fn kept(client: &impl Session, search: &Search<'_>) -> Result<String, DbError> {
    let (clusters, minions) = search.pairs();
    let Search { test, entity, minion_id, result, changes, limit, offset, .. } = search;
    let sql = KEPT.get(By::read(search.sort_by), search.reverse);
    let params: crate::Params<'_> =
        &[test, entity, minion_id, result, changes, &search.sums_found(), limit, offset, &clusters, &minions];
    let rows = client.query_anew(sql, params).await?;
    rows.first().map_or_else(|| Ok(String::new()), |row| Ok(row.try_get("reply")?))
}

async fn added_up(client: &impl Session, search: &Search<'_>) -> Result<String, DbError> {
    let Search { test, since, entity, minion_id, saltenv, jid, result, changes, .. } = search;
    let (clusters, minions) = search.pairs();
    let (Search { sort_by, reverse, limit, offset, .. }, filter_summary) = (search, &search.sums_found());
    let sql = include_str!("../../queries/highstate/minions.sql");
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
        &clusters,
        &minions,
    ];
    Ok(client.query_one(sql, params).await?.try_get("reply")?)
}
