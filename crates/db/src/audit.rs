//! Tables `audit` and `audit_head`: who did what, and how its rows are linked. What is told and hashed is the server's business.

mod search;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::{Params, Session};

pub use search::{Found, Search, SortBy, count, search};

/// What is written when somebody did something.
#[derive(Clone, Debug)]
pub struct Event {
    /// When it began.
    pub start_time: Timestamp,
    /// When it ended.
    pub end_time: Timestamp,
    /// system, auth, rpc, task.
    pub event_type: &'static str,
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
}

/// A row as the chain needs it.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Partition.
    pub day: Date,
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
    /// Place in the chain; none: not linked yet.
    pub number: Option<i64>,
    /// Its hash there.
    pub hash: Option<Vec<u8>>,
}

/// A place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number.
    pub number: i64,
    /// Hash.
    pub hash: Vec<u8>,
}

/// Where the chain ends and begins, and how many rows wait for their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last place.
    pub end: Place,
    /// Everything up to here was dropped by retention.
    pub root: Place,
    /// Rows without a place.
    pub unlinked: i64,
}

/// A place for one row.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// Partition.
    pub day: Date,
    /// The row.
    pub audit_id: i64,
    /// Its place.
    pub place: Place,
}

/// Writes that somebody did something, or was refused.
pub async fn insert(client: &impl Session, event: &Event) -> Result<(), DbError> {
    let day = event.start_time.to_zoned(TimeZone::UTC).date();
    let params: Params<'_> = &[
        &day,
        &event.start_time,
        &event.end_time,
        &event.event_type,
        &event.event_name,
        &event.username,
        &event.account_uuid,
        &event.session_uuid,
        &event.address,
        &event.failed,
        &event.event_data,
    ];
    client.execute(include_str!("../queries/audit/insert.sql"), params).await.map(drop)
}

/// Rows of the days from `from` on that have no place yet, oldest first.
pub async fn unlinked(client: &impl Session, from: Date, limit: i64) -> Result<Vec<Stored>, DbError> {
    let rows = client.query(include_str!("../queries/audit/unlinked.sql"), &[&from, &limit]).await?;
    rows.iter().map(stored).collect()
}

/// Linked rows after a place, in their order.
pub async fn chain(client: &impl Session, after: i64, limit: i64) -> Result<Vec<Stored>, DbError> {
    let rows = client.query(include_str!("../queries/audit/chain.sql"), &[&after, &limit]).await?;
    rows.iter().map(stored).collect()
}

/// Where the chain ends and begins.
pub async fn head(client: &impl Session) -> Result<Head, DbError> {
    let row = client.query_one(include_str!("../queries/audit/head.sql"), &[]).await?;
    Ok(Head {
        end: Place { number: row.try_get("number")?, hash: row.try_get("hash")? },
        root: Place { number: row.try_get("root_number")?, hash: row.try_get("root_hash")? },
        unlinked: row.try_get("unlinked")?,
    })
}

/// The end of the chain; nobody else can add to it until the end of the transaction.
pub async fn lock_head(client: &impl Session) -> Result<Place, DbError> {
    let row = client.query_one(include_str!("../queries/audit/lock_head.sql"), &[]).await?;
    Ok(Place { number: row.try_get("number")?, hash: row.try_get("hash")? })
}

/// Gives rows their places, the last of which is the new end.
pub async fn link(client: &impl Session, links: &[NewLink]) -> Result<(), DbError> {
    let Some(last) = links.last() else { return Ok(()) };
    let days: Vec<Date> = links.iter().map(|link| link.day).collect();
    let ids: Vec<i64> = links.iter().map(|link| link.audit_id).collect();
    let numbers: Vec<i64> = links.iter().map(|link| link.place.number).collect();
    let hashes: Vec<&[u8]> = links.iter().map(|link| link.place.hash.as_slice()).collect();
    let params: Params<'_> = &[&days, &ids, &numbers, &hashes];
    client.execute(include_str!("../queries/audit/link.sql"), params).await?;
    let params: Params<'_> = &[&last.place.number, &last.place.hash];
    client.execute(include_str!("../queries/audit/set_head.sql"), params).await.map(drop)
}

/// How many rows there are of the days before `day`.
pub async fn older(client: &impl Session, day: Date) -> Result<i64, DbError> {
    Ok(client.query_one(include_str!("../queries/audit/older.sql"), &[&day]).await?.try_get(0)?)
}

/// Before retention drops the days before `day`: the chain begins after them.
pub async fn set_root(client: &impl Session, day: Date) -> Result<(), DbError> {
    client.execute(include_str!("../queries/audit/set_root.sql"), &[&day]).await.map(drop)
}

fn stored(row: &Row) -> Result<Stored, DbError> {
    Ok(Stored {
        day: row.try_get("day")?,
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
        hash: row.try_get("hash")?,
    })
}
