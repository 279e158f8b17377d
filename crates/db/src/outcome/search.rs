//! Searching the outcomes of one command: filters, a closed list of orders, pages.

use std::sync::LazyLock;

use jiff::{Timestamp, civil::Date};
use tokio_postgres::{Row, types::ToSql};

use crate::{
    DbError, Only, Session,
    ordered::{Order, Ordered},
};

/// The statement in every order; this line of it is replaced.
static TEXTS: LazyLock<Ordered<SortBy>> = LazyLock::new(|| {
    Ordered::new(include_str!("../../queries/outcome/search.sql"), "ORDER BY x.changed_at, x.minion_id")
});

/// Where the outcomes of a command stand.
#[derive(Clone, Debug)]
pub struct Place {
    /// The command.
    pub jid: String,
    /// Its day.
    pub day: Date,
    /// Clusters it went to.
    pub clusters: Vec<String>,
}

/// Where the outcomes of a command stand; none: there is no such command.
pub async fn place(client: &impl Session, jid: &str) -> Result<Option<Place>, DbError> {
    let row = client.query_opt(include_str!("../../queries/outcome/place.sql"), &[&jid]).await?;
    row.map(|row| {
        Ok(Place { jid: jid.to_owned(), day: row.try_get("day")?, clusters: row.try_get("clusters")? })
    })
    .transpose()
}

/// What to search for; `None` does not filter.
#[derive(Clone, Debug)]
pub struct Search {
    /// The command.
    pub of: Place,
    /// Exactly this minion.
    pub minion_id_exact: Option<String>,
    /// Part of a minion id.
    pub minion_id: Option<String>,
    /// Part of a master id.
    pub master_id: Option<String>,
    /// Bad returns only, or good ones only.
    pub has_errors: Option<bool>,
    /// Returned ones only, or silent ones only.
    pub has_return: Option<bool>,
    /// Of these minions.
    pub only: Only,
}

impl Search {
    /// Nothing is asked of minions and masters: the counters of the command say how many.
    fn is_of_all_minions(&self) -> bool {
        let texts = [&self.minion_id_exact, &self.minion_id, &self.master_id];
        texts.iter().all(|text| text.is_none()) && self.only.is_all()
    }

    fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        vec![
            &self.of.jid,
            &self.of.day,
            &self.of.clusters,
            &self.minion_id_exact,
            &self.minion_id,
            &self.master_id,
            &self.has_errors,
            &self.has_return,
            &self.only.clusters,
            &self.only.minions,
        ]
    }
}

/// What outcomes can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// Last change.
    AlterTime,
    /// Minion.
    MinionId,
    /// Master.
    MasterId,
    /// Good, bad, silent.
    HasErrors,
    /// Silent ones first.
    HasReturn,
}

impl SortBy {
    fn column(self) -> &'static str {
        match self {
            Self::AlterTime => "x.changed_at",
            Self::MinionId => "x.minion_id",
            Self::MasterId => "m.master_id",
            Self::HasErrors => "CASE x.state WHEN 'succeeded' THEN 0 WHEN 'failed' THEN 1 ELSE 2 END",
            Self::HasReturn => "x.state IN ('succeeded', 'failed')",
        }
    }
}

impl Order for SortBy {
    const ALL: &'static [Self] =
        &[Self::AlterTime, Self::MinionId, Self::MasterId, Self::HasErrors, Self::HasReturn];

    fn by(self, descending: bool) -> String {
        let way = if descending { "DESC" } else { "ASC" };
        format!("{} {way}, x.minion_id {way}", self.column())
    }

    fn join(self) -> &'static str {
        if self == Self::MasterId { "LEFT JOIN master m ON m.master_uuid = x.master_uuid " } else { "" }
    }
}

/// An outcome as a search shows it.
#[derive(Clone, Debug)]
pub struct Found {
    /// Day of the jid.
    pub day: Date,
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Master.
    pub master_id: Option<String>,
    /// State, as a word.
    pub state: String,
    /// Why.
    pub reason: String,
    /// Return code.
    pub retcode: Option<i64>,
    /// Returned after it had ended without a return.
    pub late: bool,
    /// Two different returns came.
    pub ran_twice: bool,
    /// The plan did not expect it.
    pub unexpected: bool,
    /// How many masters saw the return.
    pub witnesses: i32,
    /// Last change.
    pub changed_at: Timestamp,
}

/// One page of a search; no limit when it is `None`.
pub async fn search(
    client: &impl Session,
    search: &Search,
    order: (SortBy, bool),
    limit: Option<i64>,
    offset: i64,
) -> Result<Vec<Found>, DbError> {
    let sql = TEXTS.get(order.0, order.1);
    let mut params = search.params();
    params.extend([&limit as &(dyn ToSql + Sync), &offset]);
    client.query_anew(sql, &params).await?.iter().map(found).collect()
}

/// How many a search finds in all.
pub async fn count(client: &impl Session, search: &Search) -> Result<i64, DbError> {
    if search.is_of_all_minions() {
        let sql = include_str!("../../queries/outcome/count_of_command.sql");
        let params: crate::Params<'_> = &[&search.of.jid, &search.has_errors, &search.has_return];
        return client.query_opt(sql, params).await?.map_or(Ok(0), |row| Ok(row.try_get(0)?));
    }
    let sql = include_str!("../../queries/outcome/count.sql");
    let rows = client.query_anew(sql, &search.params()).await?;
    rows.first().map_or(Ok(0), |row| Ok(row.try_get(0)?))
}

fn found(row: &Row) -> Result<Found, DbError> {
    Ok(Found {
        day: row.try_get("day")?,
        cluster_id: row.try_get("cluster_id")?,
        minion_id: row.try_get("minion_id")?,
        master_id: row.try_get("master_id")?,
        state: row.try_get("state")?,
        reason: row.try_get("reason")?,
        retcode: row.try_get("retcode")?,
        late: row.try_get("late")?,
        ran_twice: row.try_get("ran_twice")?,
        unexpected: row.try_get("unexpected")?,
        witnesses: row.try_get("witnesses")?,
        changed_at: row.try_get("changed_at")?,
    })
}
