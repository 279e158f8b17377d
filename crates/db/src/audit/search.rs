//! Searching the audit: filters, a closed list of orders, pages.

use std::sync::LazyLock;

use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use crate::{
    DbError, Session,
    ordered::{Order, Ordered},
};

/// The statement in every order; this line of it is replaced.
static TEXTS: LazyLock<Ordered<SortBy>> = LazyLock::new(|| {
    Ordered::new(
        include_str!("../../queries/audit/search.sql"),
        "ORDER BY a.day DESC, a.start_time DESC, a.audit_id DESC",
    )
});

/// The same for orders that no index has.
static NEWEST: LazyLock<Ordered<SortBy>> = LazyLock::new(|| {
    Ordered::new(
        include_str!("../../queries/audit/search_newest.sql"),
        "ORDER BY a.day DESC, a.start_time DESC, a.audit_id DESC",
    )
});

/// What to search for; `None` does not filter.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Of this account.
    pub account_uuid: Option<Uuid>,
    /// Of accounts of this name.
    pub username: Option<String>,
    /// Of this session.
    pub session_uuid: Option<Uuid>,
    /// system, auth, rpc, task.
    pub event_type: Option<&'static str>,
    /// As `cmd.route_cmd`.
    pub event_name: Option<String>,
    /// Failed ones only, or good ones only.
    pub failed: Option<bool>,
    /// Begun then or later.
    pub from: Option<Timestamp>,
    /// Begun then or before.
    pub to: Option<Timestamp>,
    /// Shortest, in milliseconds.
    pub elapsed_min: Option<i64>,
    /// Longest, in milliseconds.
    pub elapsed_max: Option<i64>,
    /// Of this account, whatever else is asked for.
    pub only_of: Option<Uuid>,
}

impl Search {
    fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        vec![
            &self.account_uuid,
            &self.username,
            &self.session_uuid,
            &self.event_type,
            &self.event_name,
            &self.failed,
            &self.from,
            &self.to,
            &self.elapsed_min,
            &self.elapsed_max,
            &self.only_of,
        ]
    }
}

/// What the audit can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// Who.
    Username,
    /// Kind.
    EventType,
    /// Name.
    EventName,
    /// Good ones first.
    Failed,
    /// Begin.
    StartTime,
    /// End.
    EndTime,
    /// How long it took.
    Elapsed,
}

impl Order for SortBy {
    const ALL: &'static [Self] = &[
        Self::Username,
        Self::EventType,
        Self::EventName,
        Self::Failed,
        Self::StartTime,
        Self::EndTime,
        Self::Elapsed,
    ];

    fn by(self, descending: bool) -> String {
        let way = if descending { "DESC" } else { "ASC" };
        let column = match self {
            Self::Username => "a.username",
            Self::EventType => "a.event_type",
            Self::EventName => "a.event_name",
            Self::Failed => "a.failed",
            // The day says the same, and lets the newest days be read first.
            Self::StartTime => return format!("a.day {way}, a.start_time {way}, a.audit_id {way}"),
            Self::EndTime => "a.end_time",
            Self::Elapsed => "a.end_time - a.start_time",
        };
        format!("{column} {way}, a.audit_id {way}")
    }
}

/// A row as a search shows it.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its id.
    pub audit_id: i64,
    /// When it began.
    pub start_time: Timestamp,
    /// When it ended.
    pub end_time: Timestamp,
    /// system, auth, rpc, task.
    pub event_type: String,
    /// As `cmd.route_cmd`.
    pub event_name: String,
    /// Who.
    pub username: String,
    /// Who.
    pub account_uuid: Option<Uuid>,
    /// In which session.
    pub session_uuid: Option<Uuid>,
    /// From where.
    pub address: Option<String>,
    /// Refused, or failed.
    pub failed: bool,
    /// The rest, as JSON.
    pub event_data: String,
    /// Place in the chain.
    pub number: Option<i64>,
}

/// One page of a search; no limit when it is `None`. For a page in another order than that of time only the newest `most`
/// are sorted.
pub async fn search(
    client: &impl Session,
    search: &Search,
    order: (SortBy, bool),
    (limit, offset): (Option<i64>, i64),
    most: i64,
) -> Result<Vec<Found>, DbError> {
    let mut params = search.params();
    params.extend([&limit as &(dyn ToSql + Sync), &offset]);
    let sql = if order.0 != SortBy::StartTime && limit.is_some() {
        params.push(&most);
        NEWEST.get(order.0, order.1)
    } else {
        TEXTS.get(order.0, order.1)
    };
    client.query_anew(sql, &params).await?.iter().map(found).collect()
}

/// How many a search finds, up to `bound`.
pub async fn count(client: &impl Session, search: &Search, bound: i64) -> Result<i64, DbError> {
    let sql = include_str!("../../queries/audit/count.sql");
    let mut params = search.params();
    params.push(&bound);
    let rows = client.query_anew(sql, &params).await?;
    rows.first().map_or(Ok(0), |row| Ok(row.try_get(0)?))
}

fn found(row: &Row) -> Result<Found, DbError> {
    Ok(Found {
        audit_id: row.try_get("audit_id")?,
        start_time: row.try_get("start_time")?,
        end_time: row.try_get("end_time")?,
        event_type: row.try_get("event_type")?,
        event_name: row.try_get("event_name")?,
        username: row.try_get("username")?,
        account_uuid: row.try_get("account_uuid")?,
        session_uuid: row.try_get("session_uuid")?,
        address: row.try_get("address")?,
        failed: row.try_get("failed")?,
        event_data: row.try_get("event_data")?,
        number: row.try_get("number")?,
    })
}
