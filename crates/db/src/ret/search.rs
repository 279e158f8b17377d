//! Searching returns: filters, a closed list of orders, pages, values.

use std::sync::LazyLock;

use jiff::{Timestamp, civil::Date};
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use crate::{
    DbError, Only, Session,
    ordered::{Order, Ordered},
};

/// The statement in every order; this line of it is replaced.
static TEXTS: LazyLock<Ordered<SortBy>> = LazyLock::new(|| {
    Ordered::new(include_str!("../../queries/ret/search.sql"), "ORDER BY r.jid DESC, r.minion_id")
});

/// The same for the returns of one minion, or few of one master, which are found by its id and not through their commands.
static OF_MINION: LazyLock<Ordered<SortBy>> = LazyLock::new(|| {
    Ordered::new(include_str!("../../queries/ret/search_of_minion.sql"), "ORDER BY r.jid DESC, r.minion_id")
});

/// The same for orders that no index has.
static NEWEST: LazyLock<Ordered<SortBy>> = LazyLock::new(|| {
    Ordered::new(include_str!("../../queries/ret/search_newest.sql"), "ORDER BY r.jid DESC, r.minion_id")
});

/// Minions whose returns are looked up minion by minion.
const FEW: usize = 200;
/// So few returns of one master are read as they stand: from command to command it could take all commands to find them.
const FEW_RETURNS: i64 = 5_000;

/// What to search for; `None` does not filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// One jid.
    pub jid: Option<String>,
    /// Decided by this master.
    pub master_uuid: Option<Uuid>,
    /// Of this minion.
    pub minion_id: Option<String>,
    /// Of this function.
    pub fun: Option<String>,
    /// Of this user's commands.
    pub user: Option<String>,
    /// Text within the arguments.
    pub args: Option<String>,
    /// Highstates only, or none.
    pub highstate: Option<bool>,
    /// Lowest jid.
    pub start: Option<String>,
    /// Highest jid.
    pub end: Option<String>,
    /// Bad ones only, or good ones only.
    pub has_errors: Option<bool>,
    /// Of this cluster.
    pub cluster_id: Option<String>,
    /// Of these minions.
    pub only: Only,
    /// Of this saved job.
    pub job_uuid: Option<Uuid>,
    /// Of a saved job of this name.
    pub job_name: Option<String>,
    /// Through this target group.
    pub tgt_uuid: Option<Uuid>,
    /// Through a target group of this name.
    pub tgt_name: Option<String>,
}

impl Search {
    fn is_of_a_minion(&self) -> bool {
        self.minion_id.is_some() && self.jid.is_none()
    }

    /// Of so few minions that all of their returns are soon read, which may be fewer than the bound of a count.
    fn is_of_few_minions(&self) -> bool {
        self.jid.is_none() && self.only.minions.as_ref().is_some_and(|minions| minions.len() <= FEW)
    }

    /// Nothing is asked but whose they are.
    fn is_of_minions_alone(&self) -> bool {
        self.is_of_few_minions() && Self { only: self.only.clone(), ..Self::default() } == *self
    }

    /// Nothing is asked but which master decided them: [`count`] is quick then, and [`search`] goes by it.
    pub fn is_of_a_master(&self) -> bool {
        let others = [&self.args, &self.cluster_id];
        self.master_uuid.is_some()
            && self.is_of_returns()
            && others.iter().all(|filter| filter.is_none())
            && self.only.is_all()
    }

    /// Nothing is asked of their commands, nor what leaves out most of them.
    fn is_of_returns(&self) -> bool {
        // Every field is named: a new filter has to be thought of here.
        let Self {
            master_uuid: _,
            args: _,
            cluster_id: _,
            only: _,
            jid,
            minion_id,
            fun,
            user,
            highstate,
            start,
            end,
            has_errors,
            job_uuid,
            job_name,
            tgt_uuid,
            tgt_name,
        } = self;
        [jid, minion_id, fun, user, start, end, job_name, tgt_name].iter().all(|filter| filter.is_none())
            && [highstate, has_errors].iter().all(|filter| filter.is_none())
            && [job_uuid, tgt_uuid].iter().all(|filter| filter.is_none())
    }

    /// Nothing is asked of the returns themselves.
    fn is_of_commands(&self) -> bool {
        // Every field is named: a new filter has to be thought of here.
        let Self {
            jid: _,
            user: _,
            highstate: _,
            start: _,
            end: _,
            has_errors: _,
            job_uuid: _,
            job_name: _,
            tgt_uuid: _,
            tgt_name: _,
            master_uuid,
            minion_id,
            fun,
            args,
            cluster_id,
            only,
        } = self;
        [minion_id, fun, args, cluster_id].iter().all(|filter| filter.is_none())
            && master_uuid.is_none()
            && only.is_all()
    }

    fn of_minions(&self) -> Vec<&(dyn ToSql + Sync)> {
        vec![&self.only.clusters, &self.only.minions]
    }

    fn of_returns(&self) -> Vec<&(dyn ToSql + Sync)> {
        vec![&self.master_uuid, &self.args, &self.cluster_id, &self.only.clusters, &self.only.minions]
    }

    fn of_commands(&self) -> Vec<&(dyn ToSql + Sync)> {
        vec![
            &self.jid,
            &self.user,
            &self.highstate,
            &self.start,
            &self.end,
            &self.has_errors,
            &self.job_uuid,
            &self.job_name,
            &self.tgt_uuid,
            &self.tgt_name,
        ]
    }

    fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        vec![
            &self.jid,
            &self.master_uuid,
            &self.minion_id,
            &self.fun,
            &self.user,
            &self.args,
            &self.highstate,
            &self.start,
            &self.end,
            &self.has_errors,
            &self.cluster_id,
            &self.only.clusters,
            &self.only.minions,
            &self.job_uuid,
            &self.job_name,
            &self.tgt_uuid,
            &self.tgt_name,
        ]
    }
}

/// What returns can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// Jid.
    Jid,
    /// Minion.
    MinionId,
    /// Master.
    MasterId,
    /// Function.
    Fun,
    /// Good ones first.
    HasErrors,
    /// User of the command.
    User,
    /// When it was stored.
    AlterTime,
    /// Name of the saved job.
    JobName,
    /// Name of the target group.
    TgtName,
}

impl SortBy {
    fn column(self) -> &'static str {
        match self {
            Self::Jid => "jid",
            Self::MinionId => "r.minion_id",
            Self::MasterId => "master_id",
            Self::Fun => "r.fun",
            Self::HasErrors => "(CASE WHEN r.success AND r.retcode = 0 THEN 0 ELSE 1 END)",
            Self::User => "user_name",
            Self::AlterTime => "r.alter_time",
            Self::JobName => "job_name",
            Self::TgtName => "tgt_name",
        }
    }
}

impl Order for SortBy {
    const ALL: &'static [Self] = &[
        Self::Jid,
        Self::MinionId,
        Self::MasterId,
        Self::Fun,
        Self::HasErrors,
        Self::User,
        Self::AlterTime,
        Self::JobName,
        Self::TgtName,
    ];

    fn by(self, descending: bool) -> String {
        let way = if descending { "DESC" } else { "ASC" };
        // Without its table the jid is that of the command, in the order of which commands are read.
        format!("{} {way}, jid {way}, minion_id", self.column())
    }
}

/// A return as a search shows it.
#[derive(Clone, Debug)]
pub struct Found {
    /// Cluster.
    pub cluster_id: String,
    /// Jid.
    pub jid: String,
    /// Minion.
    pub minion_id: String,
    /// Master that decided it.
    pub master_uuid: Uuid,
    /// Its id, while the master is known.
    pub master_id: Option<String>,
    /// Function.
    pub fun: String,
    /// Arguments as JSON.
    pub fun_args: String,
    /// As Salt says.
    pub success: bool,
    /// Return code.
    pub retcode: i64,
    /// Time of the event.
    pub stamp: Timestamp,
    /// When it was stored.
    pub alter_time: Timestamp,
    /// The other fields of the event, as JSON.
    pub extra: Option<String>,
    /// Salt cut the value.
    pub trimmed: bool,
    /// The value, packed (see [`crate::body::unpack`]).
    pub body: Option<Vec<u8>>,
    /// Salt's own bytes, packed.
    pub original: Option<Vec<u8>>,
}

/// One page of a search; no limit when it is `None`. For a page in another order than that of jids only the newest `most`
/// are sorted. Of one job all are. `count`: how many there are, if that is known.
pub async fn search(
    client: &impl Session,
    search: &Search,
    order: (SortBy, bool),
    (limit, offset): (Option<i64>, i64),
    (most, count): (i64, Option<i64>),
) -> Result<Vec<Found>, DbError> {
    let by_minion = order.0 == SortBy::Jid || order == (SortBy::MinionId, false) && search.jid.is_some();
    let of_each = limit.filter(|_| by_minion).map(|limit| limit.saturating_add(offset));
    let mut params = search.params();
    params.extend([&limit as &(dyn ToSql + Sync), &offset]);
    let sql = if search.is_of_a_minion() || count.is_some_and(|count| count < FEW_RETURNS) {
        OF_MINION.get(order.0, order.1)
    } else if order.0 != SortBy::Jid && limit.is_some() && search.jid.is_none() {
        params.push(&most);
        NEWEST.get(order.0, order.1)
    } else {
        params.push(&of_each);
        TEXTS.get(order.0, order.1)
    };
    client.query_anew(sql, &params).await?.iter().map(found).collect()
}

/// How many a search finds, up to `bound`.
pub async fn count(client: &impl Session, search: &Search, bound: i64) -> Result<i64, DbError> {
    let (sql, mut params) = if search.is_of_minions_alone() {
        (include_str!("../../queries/ret/count_of_few.sql"), search.of_minions())
    } else if search.is_of_commands() {
        (include_str!("../../queries/ret/count_of_commands.sql"), search.of_commands())
    } else if search.is_of_a_minion() || search.is_of_few_minions() {
        (include_str!("../../queries/ret/count_of_minion.sql"), search.params())
    } else if search.is_of_returns() {
        (include_str!("../../queries/ret/count_of_returns.sql"), search.of_returns())
    } else {
        (include_str!("../../queries/ret/count.sql"), search.params())
    };
    params.push(&bound);
    let rows = client.query_anew(sql, &params).await?;
    rows.first().map_or(Ok(0), |row| Ok(row.try_get(0)?))
}

/// The packed value that one minion returned.
pub async fn value(
    client: &impl Session,
    day: Date,
    cluster_id: &str,
    jid: &str,
    minion_id: &str,
) -> Result<Option<Vec<u8>>, DbError> {
    let sql = include_str!("../../queries/ret/body.sql");
    let row = client.query_opt(sql, &[&day, &cluster_id, &jid, &minion_id]).await?;
    Ok(row.map(|row| row.try_get::<_, Option<Vec<u8>>>(0)).transpose()?.flatten())
}

fn found(row: &Row) -> Result<Found, DbError> {
    Ok(Found {
        cluster_id: row.try_get("cluster_id")?,
        jid: row.try_get("jid")?,
        minion_id: row.try_get("minion_id")?,
        master_uuid: row.try_get("master_uuid")?,
        master_id: row.try_get("master_id")?,
        fun: row.try_get("fun")?,
        fun_args: row.try_get("fun_args")?,
        success: row.try_get("success")?,
        retcode: row.try_get("retcode")?,
        stamp: row.try_get("stamp")?,
        alter_time: row.try_get("alter_time")?,
        extra: row.try_get("extra")?,
        trimmed: row.try_get("trimmed")?,
        body: row.try_get("body")?,
        original: row.try_get("original")?,
    })
}
