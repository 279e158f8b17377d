//! Table `delivery`: a piece of work on its way to one master.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{DbError, Session};

/// A delivery about to be queued.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Drawn by the caller.
    pub delivery_id: Uuid,
    /// Jid; none for pings and key changes.
    pub jid: Option<String>,
    /// Day of the jid.
    pub day: Option<Date>,
    /// Cluster.
    pub cluster_id: String,
    /// To whom.
    pub master_uuid: Uuid,
    /// publish, run, ask, ping, keys.
    pub work: &'static str,
    /// The `Work` of crates/wire as JSON, without its remaining times.
    pub payload: String,
    /// After it, it is not carried out any more.
    pub publish_before: Timestamp,
}

/// A delivery as it stands.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Id.
    pub delivery_id: Uuid,
    /// Jid.
    pub jid: Option<String>,
    /// Day of the jid.
    pub day: Option<Date>,
    /// Cluster.
    pub cluster_id: String,
    /// To whom.
    pub master_uuid: Uuid,
    /// publish, run, ask, ping, keys.
    pub work: String,
    /// The `Work` as JSON.
    pub payload: String,
    /// queued, leased, claimed, started, published, handed_back, done, expired.
    pub state: String,
    /// Why.
    pub reason: String,
    /// After it, it is not carried out any more.
    pub publish_before: Timestamp,
    /// How often it was given out.
    pub lease_count: i32,
    /// The run of the plugin that it was given to.
    pub leased_epoch: Option<Uuid>,
    /// Last change.
    pub changed_at: Timestamp,
}

/// Work given out.
#[derive(Clone, Debug)]
pub struct Leased {
    /// Id.
    pub delivery_id: Uuid,
    /// The `Work` as JSON.
    pub payload: String,
    /// After it, it is not carried out any more.
    pub publish_before: Timestamp,
}

/// What became of a delivery.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Which.
    pub delivery_id: Uuid,
    /// New state.
    pub state: &'static str,
    /// Why.
    pub reason: String,
    /// Salt's own jid of a runner.
    pub salt_jid: Option<String>,
}

/// Queues deliveries.
pub async fn insert(client: &impl Session, now: Timestamp, new: &[NewDelivery]) -> Result<(), DbError> {
    if new.is_empty() {
        return Ok(());
    }
    let sql = include_str!("../queries/delivery/insert.sql");
    let ids: Vec<_> = new.iter().map(|d| d.delivery_id).collect();
    let jids: Vec<_> = new.iter().map(|d| d.jid.as_deref()).collect();
    let days: Vec<_> = new.iter().map(|d| d.day).collect();
    let clusters: Vec<_> = new.iter().map(|d| d.cluster_id.as_str()).collect();
    let masters: Vec<_> = new.iter().map(|d| d.master_uuid).collect();
    let works: Vec<_> = new.iter().map(|d| d.work).collect();
    let payloads: Vec<_> = new.iter().map(|d| d.payload.as_str()).collect();
    let before: Vec<_> = new.iter().map(|d| d.publish_before).collect();
    client.execute(sql, &[&now, &ids, &jids, &days, &clusters, &masters, &works, &payloads, &before]).await?;
    Ok(())
}

/// Gives out up to `limit` pieces of work for one run (`epoch`) of a master's plugin until `until`.
pub async fn lease(
    client: &impl Session,
    (master, epoch): (Uuid, Uuid),
    now: Timestamp,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<Leased>, DbError> {
    let sql = include_str!("../queries/delivery/lease.sql");
    let rows = client.query(sql, &[&master, &now, &until, &limit, &epoch]).await?;
    rows.iter()
        .map(|row| {
            Ok(Leased {
                delivery_id: row.try_get("delivery_id")?,
                payload: row.try_get("payload")?,
                publish_before: row.try_get("publish_before")?,
            })
        })
        .collect()
}

/// Claims a run. True: it was claimed just now; false: by this very claim before. None when it is not (or no longer)
/// this master's to run.
pub async fn claim(
    client: &impl Session,
    delivery_id: Uuid,
    master: Uuid,
    claim_id: Uuid,
    now: Timestamp,
) -> Result<Option<bool>, DbError> {
    let sql = include_str!("../queries/delivery/claim.sql");
    let row = client.query_opt(sql, &[&delivery_id, &master, &claim_id, &now]).await?;
    row.map(|row| Ok(row.try_get("first")?)).transpose()
}

/// Deliveries by id.
pub async fn get(client: &impl Session, ids: &[Uuid]) -> Result<Vec<Delivery>, DbError> {
    let sql = include_str!("../queries/delivery/get.sql");
    client.query(sql, &[&ids]).await?.iter().map(delivery).collect()
}

/// Deliveries of commands, oldest first.
pub async fn by_jid(client: &impl Session, jids: &[String]) -> Result<Vec<Delivery>, DbError> {
    let sql = include_str!("../queries/delivery/by_jid.sql");
    client.query(sql, &[&jids]).await?.iter().map(delivery).collect()
}

/// What a delivery was from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Was {
    /// Which.
    pub delivery_id: Uuid,
    /// From when.
    pub at: Timestamp,
    /// State, as a word.
    pub state: String,
    /// Why.
    pub reason: String,
}

/// Every change of the deliveries of a command in one cluster: delivery by delivery, oldest first, up to what it is now.
pub async fn changes(client: &impl Session, jid: &str, cluster_id: &str) -> Result<Vec<Was>, DbError> {
    let sql = include_str!("../queries/delivery/changes.sql");
    let rows = client.query(sql, &[&jid, &cluster_id]).await?;
    rows.iter()
        .map(|row| {
            Ok(Was {
                delivery_id: row.try_get("delivery_id")?,
                at: row.try_get("at")?,
                state: row.try_get("state")?,
                reason: row.try_get("reason")?,
            })
        })
        .collect()
}

/// How many questions about jobs each master was given and has not answered.
pub async fn open_asks(client: &impl Session) -> Result<BTreeMap<Uuid, i64>, DbError> {
    let rows = client.query(include_str!("../queries/delivery/open_asks.sql"), &[]).await?;
    rows.iter().map(|row| Ok((row.try_get("master_uuid")?, row.try_get("asks")?))).collect()
}

/// Deliveries whose time passed, and unclaimed runs of the `absent` masters: what the reconciler must look at.
pub async fn due(
    client: &impl Session,
    now: Timestamp,
    absent: &[Uuid],
    limit: i64,
) -> Result<Vec<Delivery>, DbError> {
    let sql = include_str!("../queries/delivery/due.sql");
    client.query(sql, &[&now, &absent, &limit]).await?.iter().map(delivery).collect()
}

/// Writes what became of deliveries.
pub async fn answer(client: &impl Session, now: Timestamp, answers: &[Answer]) -> Result<(), DbError> {
    if answers.is_empty() {
        return Ok(());
    }
    let sql = include_str!("../queries/delivery/answer.sql");
    let ids: Vec<_> = answers.iter().map(|a| a.delivery_id).collect();
    let states: Vec<_> = answers.iter().map(|a| a.state).collect();
    let reasons: Vec<_> = answers.iter().map(|a| a.reason.as_str()).collect();
    let salt: Vec<_> = answers.iter().map(|a| a.salt_jid.as_deref()).collect();
    client.execute(sql, &[&now, &ids, &states, &reasons, &salt]).await?;
    Ok(())
}

/// Deliveries that certainly were not carried out, each with a reason: their time is over, the reconciler plans them anew.
pub async fn hand_back(
    client: &impl Session,
    now: Timestamp,
    back: &[(Uuid, String)],
) -> Result<(), DbError> {
    let ids: Vec<_> = back.iter().map(|b| b.0).collect();
    let reasons: Vec<_> = back.iter().map(|b| b.1.as_str()).collect();
    let sql = include_str!("../queries/delivery/hand_back.sql");
    client.execute(sql, &[&now, &ids, &reasons]).await.map(drop)
}

/// Takes back deliveries that nobody claimed or answered; those that were meanwhile are left out. As they stand then:
/// `handed_back` was certainly not carried out, `expired` may have been; each with its reason unless it has one.
pub async fn take_back(
    client: &impl Session,
    ids: &[Uuid],
    now: Timestamp,
    (certainly_not, maybe): (&str, &str),
) -> Result<Vec<Delivery>, DbError> {
    let sql = include_str!("../queries/delivery/take_back.sql");
    client.query(sql, &[&ids, &now, &certainly_not, &maybe]).await?.iter().map(delivery).collect()
}

/// Cancels deliveries that nobody can have carried out; returns how many, less when some were taken meanwhile.
pub async fn cancel(
    client: &impl Session,
    ids: &[Uuid],
    now: Timestamp,
    reason: &str,
) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/delivery/cancel.sql"), &[&ids, &now, &reason]).await
}

/// Forgets up to `limit` deliveries that ended before then, as their commands did.
pub async fn forget(client: &impl Session, before: Timestamp, limit: i64) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/delivery/forget.sql"), &[&before, &limit]).await
}

fn delivery(row: &Row) -> Result<Delivery, DbError> {
    Ok(Delivery {
        delivery_id: row.try_get("delivery_id")?,
        jid: row.try_get("jid")?,
        day: row.try_get("day")?,
        cluster_id: row.try_get("cluster_id")?,
        master_uuid: row.try_get("master_uuid")?,
        work: row.try_get("work")?,
        payload: row.try_get("payload")?,
        state: row.try_get("state")?,
        reason: row.try_get("reason")?,
        publish_before: row.try_get("publish_before")?,
        lease_count: row.try_get("lease_count")?,
        leased_epoch: row.try_get("leased_epoch")?,
        changed_at: row.try_get("changed_at")?,
    })
}
