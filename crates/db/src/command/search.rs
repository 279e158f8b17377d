//! Searching commands: filters, a closed list of orders, pages.

use std::sync::LazyLock;

use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use crate::{
    DbError, Only, Session,
    ordered::{Order, Ordered},
};

/// The statement in every order; this line of it is replaced.
static TEXTS: LazyLock<Ordered<SortBy>> = LazyLock::new(|| {
    Ordered::new(include_str!("../../queries/command/search.sql"), "ORDER BY c.created_at DESC, c.jid DESC")
});

/// The same for orders that no index has.
static NEWEST: LazyLock<Ordered<SortBy>> = LazyLock::new(|| {
    Ordered::new(
        include_str!("../../queries/command/search_newest.sql"),
        "ORDER BY c.created_at DESC, c.jid DESC",
    )
});

/// What to search for; `None` does not filter.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// One jid.
    pub jid: Option<String>,
    /// Created then or later.
    pub from: Option<Timestamp>,
    /// Created then or before.
    pub to: Option<Timestamp>,
    /// Went to this master.
    pub master_id: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// … or in any but this state.
    pub state_invert: bool,
    /// Of this function.
    pub fun: Option<String>,
    /// Highstates only, or none.
    pub highstate: Option<bool>,
    /// local, runner, wheel.
    pub cmd: Option<String>,
    /// Of these users.
    pub users: Option<Vec<String>>,
    /// `adhoc` or `scheduled`.
    pub origination: Option<String>,
    /// Without `saltutil.find_job`.
    pub no_find_job: bool,
    /// Without `saltutil.refresh_grains`.
    pub no_refresh_grains: bool,
    /// Of this cluster.
    pub cluster_id: Option<String>,
    /// Of this saved job.
    pub job: Names,
    /// Through this target group.
    pub group: Names,
    /// Of this schedule.
    pub schedule: Names,
    /// Of these minions.
    pub only: Only,
}

/// Which saved things: one by its key, or some by their names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// This one.
    pub uuid: Option<Uuid>,
    /// Those that were called so.
    pub names: Option<Vec<String>>,
}

impl Search {
    fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        vec![
            &self.jid,
            &self.from,
            &self.to,
            &self.master_id,
            &self.state,
            &self.state_invert,
            &self.fun,
            &self.highstate,
            &self.cmd,
            &self.users,
            &self.origination,
            &self.no_find_job,
            &self.no_refresh_grains,
            &self.cluster_id,
            &self.job.uuid,
            &self.job.names,
            &self.group.uuid,
            &self.group.names,
            &self.schedule.uuid,
            &self.schedule.names,
            &self.only.clusters,
            &self.only.minions,
        ]
    }
}

/// What commands can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// `created_at`
    Time,
    /// `state`
    State,
    /// `cmd`
    Cmd,
    /// `fun`
    Fun,
    /// Expected without a return.
    NotReturned,
    /// `user_name`
    User,
    /// `expected`
    Expected,
    /// Good and bad.
    Returned,
    /// `returned_failed`
    ReturnedFailed,
    /// `returned_good`
    ReturnedGood,
    /// `origination`
    Origination,
    /// `job_name`
    JobName,
    /// `tgt_name`
    TgtName,
    /// `sched_name`
    SchedName,
}

impl SortBy {
    fn column(self) -> &'static str {
        match self {
            Self::Time => "c.created_at",
            Self::State => "c.state",
            Self::Cmd => "c.cmd",
            Self::Fun => "c.fun",
            Self::NotReturned => "c.expected - c.returned_good - c.returned_failed",
            Self::User => "c.user_name",
            Self::Expected => "c.expected",
            Self::Returned => "c.returned_good + c.returned_failed",
            Self::ReturnedFailed => "c.returned_failed",
            Self::ReturnedGood => "c.returned_good",
            Self::Origination => "c.origination",
            Self::JobName => "COALESCE(c.job_name, '')",
            Self::TgtName => "COALESCE(c.tgt_name, '')",
            Self::SchedName => "COALESCE(c.sched_name, '')",
        }
    }
}

impl Order for SortBy {
    const ALL: &'static [Self] = &[
        Self::Time,
        Self::State,
        Self::Cmd,
        Self::Fun,
        Self::NotReturned,
        Self::User,
        Self::Expected,
        Self::Returned,
        Self::ReturnedFailed,
        Self::ReturnedGood,
        Self::Origination,
        Self::JobName,
        Self::TgtName,
        Self::SchedName,
    ];

    fn by(self, descending: bool) -> String {
        let way = if descending { "DESC" } else { "ASC" };
        format!("{} {way}, c.jid {way}", self.column())
    }
}

/// A command as a search shows it.
#[derive(Clone, Debug)]
pub struct Found {
    /// Jid.
    pub jid: String,
    /// local, runner, wheel.
    pub cmd: String,
    /// Function.
    pub fun: String,
    /// `{arg, kwarg}` as JSON.
    pub arg: String,
    /// Target as JSON.
    pub tgt: String,
    /// Clusters.
    pub clusters: Vec<String>,
    /// Who.
    pub user_name: String,
    /// Who.
    pub user_uuid: Option<Uuid>,
    /// raas or salt.
    pub source: String,
    /// Ad-Hoc, …
    pub origination: String,
    /// A highstate.
    pub is_highstate: bool,
    /// When.
    pub created_at: Timestamp,
    /// State, as a word.
    pub state: String,
    /// Outcomes expected.
    pub expected: i64,
    /// Returned well.
    pub returned_good: i64,
    /// Returned badly.
    pub returned_failed: i64,
    /// When every outcome had ended.
    pub ended_at: Option<Timestamp>,
    /// Master ids.
    pub masters_to: Vec<String>,
    /// Master ids.
    pub masters_done: Vec<String>,
    /// For the person who asked.
    pub warnings: Vec<String>,
    /// Saved things that it comes from.
    pub origin: super::Origin,
    /// The saved job, for people.
    pub job_desc: Option<String>,
    /// The target group, for people.
    pub tgt_desc: Option<String>,
}

/// One page of a search; no limit when it is `None`. For a page in another order than that
/// of time only the newest `most` are sorted.
pub async fn search(
    client: &impl Session,
    search: &Search,
    order: (SortBy, bool),
    (limit, offset): (Option<i64>, i64),
    most: i64,
) -> Result<Vec<Found>, DbError> {
    let mut params = search.params();
    params.extend([&limit as &(dyn ToSql + Sync), &offset]);
    let sql = if order.0 != SortBy::Time && limit.is_some() {
        params.push(&most);
        NEWEST.get(order.0, order.1)
    } else {
        TEXTS.get(order.0, order.1)
    };
    client.query(sql, &params).await?.iter().map(found).collect()
}

/// How many a search finds, up to a bound.
pub async fn count(client: &impl Session, search: &Search, most: i64) -> Result<i64, DbError> {
    let sql = include_str!("../../queries/command/count.sql");
    let mut params = search.params();
    params.push(&most);
    Ok(client.query_one(sql, &params).await?.try_get(0)?)
}

fn found(row: &Row) -> Result<Found, DbError> {
    Ok(Found {
        jid: row.try_get("jid")?,
        cmd: row.try_get("cmd")?,
        fun: row.try_get("fun")?,
        arg: row.try_get("arg")?,
        tgt: row.try_get("tgt")?,
        clusters: row.try_get("clusters")?,
        user_name: row.try_get("user_name")?,
        user_uuid: row.try_get("user_uuid")?,
        source: row.try_get("source")?,
        origination: row.try_get("origination")?,
        is_highstate: row.try_get("is_highstate")?,
        created_at: row.try_get("created_at")?,
        state: row.try_get("state")?,
        expected: row.try_get("expected")?,
        returned_good: row.try_get("returned_good")?,
        returned_failed: row.try_get("returned_failed")?,
        ended_at: row.try_get("ended_at")?,
        masters_to: row.try_get("masters_to")?,
        masters_done: row.try_get("masters_done")?,
        warnings: row.try_get("warnings")?,
        origin: super::Origin {
            job_uuid: row.try_get("job_uuid")?,
            job_name: row.try_get("job_name")?,
            tgt_uuid: row.try_get("tgt_uuid")?,
            tgt_name: row.try_get("tgt_name")?,
            sched_uuid: row.try_get("sched_uuid")?,
            sched_name: row.try_get("sched_name")?,
        },
        job_desc: row.try_get("job_desc")?,
        tgt_desc: row.try_get("tgt_desc")?,
    })
}
