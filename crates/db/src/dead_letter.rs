//! Table `dead_letter`: records that could not be taken, with the reason; tried again when somebody says so.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;

/// One record that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// Its number within the epoch.
    pub n: i64,
    /// What it is: return, seen, …
    pub kind: String,
    /// A sentence.
    pub reason: String,
    /// zstd of the record's JSON.
    pub record: Vec<u8>,
}

/// Whose letters come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct From {
    /// The master.
    pub master_uuid: Uuid,
    /// Epoch of the numbers.
    pub epoch: Uuid,
    /// The master's clock minus ours.
    pub clock_skew_ms: i64,
}

/// A letter as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its key.
    pub dead_letter_id: i64,
    /// Master id; none when the master was forgotten.
    pub master_id: Option<String>,
    /// Its cluster.
    pub cluster_id: Option<String>,
    /// Epoch of the number.
    pub epoch: Uuid,
    /// Number within the epoch.
    pub n: i64,
    /// return, seen, …; empty when that cannot be said.
    pub kind: String,
    /// Why it was not taken, at the last try.
    pub reason: String,
    /// When it came.
    pub at: Timestamp,
    /// How often it was tried.
    pub tries: i32,
    /// The last try, when there was a second one.
    pub tried_at: Option<Timestamp>,
    /// Bytes it takes here, compressed.
    pub size: i64,
}

impl DeadLetter {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            dead_letter_id: row.try_get("dead_letter_id")?,
            master_id: row.try_get("master_id")?,
            cluster_id: row.try_get("cluster_id")?,
            epoch: row.try_get("epoch")?,
            n: row.try_get("n")?,
            kind: row.try_get("kind")?,
            reason: row.try_get("reason")?,
            at: row.try_get("at")?,
            tries: row.try_get("tries")?,
            tried_at: row.try_get("tried_at")?,
            size: row.try_get("size")?,
        })
    }
}

/// Which letters are meant; nothing given: all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which<'a> {
    /// These.
    pub ids: Option<&'a [i64]>,
    /// Pattern of the master's id.
    pub master_id: Option<&'a str>,
    /// Kind.
    pub kind: Option<&'a str>,
}

/// A letter to try again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its key.
    pub dead_letter_id: i64,
    /// Whose.
    pub master_uuid: Uuid,
    /// zstd of the record's JSON.
    pub record: Vec<u8>,
    /// The master's clock minus ours when it came.
    pub clock_skew_ms: i64,
}

/// What one master has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfMaster {
    /// The master.
    pub master_uuid: Uuid,
    /// How many letters.
    pub letters: i64,
    /// When the newest came.
    pub at: Timestamp,
    /// Why the newest was not taken.
    pub reason: String,
}

/// How many letters of one master are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Letters.
    pub letters: i64,
    /// Bytes, compressed.
    pub bytes: i64,
}

/// Keeps them; one that is there already changes nothing. The oldest beyond the limits go, and are a gap.
pub async fn insert(
    tx: &impl Session,
    from: From,
    letters: &[NewLetter],
    limits: Limits,
    now: Timestamp,
) -> Result<(), DbError> {
    if letters.is_empty() {
        return Ok(());
    }
    let From { master_uuid, epoch, clock_skew_ms } = from;
    let n: Vec<_> = letters.iter().map(|letter| letter.n).collect();
    let kind: Vec<_> = letters.iter().map(|letter| letter.kind.as_str()).collect();
    let reason: Vec<_> = letters.iter().map(|letter| letter.reason.as_str()).collect();
    let record: Vec<_> = letters.iter().map(|letter| letter.record.as_slice()).collect();
    let sql = include_str!("../queries/dead_letter/insert.sql");
    tx.execute(sql, &[&master_uuid, &epoch, &now, &clock_skew_ms, &n, &kind, &reason, &record]).await?;
    let why = format!(
        "dead letters beyond the newest {} (retention.dead_letter_count) or {} MiB (retention.dead_letter_mib) of this master were dropped",
        limits.letters,
        limits.bytes >> 20
    );
    let sql = include_str!("../queries/dead_letter/keep_newest.sql");
    tx.query_one(sql, &[&master_uuid, &limits.letters, &limits.bytes, &why, &now]).await.map(drop)
}

/// Drops letters that came before `before`, with a gap for each master; returns how many.
pub async fn keep_young(client: &impl Session, before: Timestamp, now: Timestamp) -> Result<i64, DbError> {
    let why = format!("dead letters from before {before} (retention.dead_letter_days) were dropped");
    let sql = include_str!("../queries/dead_letter/keep_young.sql");
    Ok(client.query_one(sql, &[&before, &why, &now]).await?.try_get("dropped")?)
}

/// One page of letters, oldest first, and how many there are in all. A limit of -1 means all.
pub async fn page(
    client: &impl Session,
    which: Which<'_>,
    (limit, offset): (i64, i64),
) -> Result<(i64, Vec<DeadLetter>), DbError> {
    let sql = include_str!("../queries/dead_letter/page.sql");
    let rows = client.query(sql, &[&which.ids, &which.master_id, &which.kind, &limit, &offset]).await?;
    let count = rows.first().map_or(Ok(0), |row| row.try_get("count"))?;
    let there =
        rows.iter().filter(|row| matches!(row.try_get::<_, Option<i64>>("dead_letter_id"), Ok(Some(_))));
    Ok((count, there.map(DeadLetter::from_row).collect::<Result<_, _>>()?))
}

/// What a letter holds: zstd of the record's JSON.
pub async fn record(client: &impl Session, dead_letter_id: i64) -> Result<Option<Vec<u8>>, DbError> {
    let sql = include_str!("../queries/dead_letter/record.sql");
    let row = client.query_opt(sql, &[&dead_letter_id]).await?;
    row.map(|row| Ok(row.try_get("record")?)).transpose()
}

/// The key of the newest letter; 0: there is none.
pub async fn last(client: &impl Session) -> Result<i64, DbError> {
    Ok(client.query_one(include_str!("../queries/dead_letter/last.sql"), &[]).await?.try_get("last")?)
}

/// Letters after `after`, up to `last`: about this many and this many bytes of them, at least one. Held until the
/// transaction ends.
pub async fn hold(
    tx: &impl Session,
    which: Which<'_>,
    (after, last): (i64, i64),
    at_once: Limits,
) -> Result<Vec<Held>, DbError> {
    let sql = include_str!("../queries/dead_letter/hold.sql");
    let Limits { letters, bytes } = at_once;
    let rows =
        tx.query(sql, &[&after, &last, &which.ids, &which.master_id, &which.kind, &letters, &bytes]).await?;
    rows.iter()
        .map(|row| {
            Ok(Held {
                dead_letter_id: row.try_get("dead_letter_id")?,
                master_uuid: row.try_get("master_uuid")?,
                record: row.try_get("record")?,
                clock_skew_ms: row.try_get("clock_skew_ms")?,
            })
        })
        .collect()
}

/// These were tried again and refused again, each for this reason.
pub async fn failed(tx: &impl Session, now: Timestamp, letters: &[(i64, String)]) -> Result<(), DbError> {
    let (ids, reasons): (Vec<i64>, Vec<&str>) = letters.iter().map(|one| (one.0, one.1.as_str())).unzip();
    let sql = include_str!("../queries/dead_letter/failed.sql");
    tx.execute(sql, &[&now, &ids, &reasons]).await.map(drop)
}

/// These were taken at last.
pub async fn taken(tx: &impl Session, ids: &[i64]) -> Result<(), DbError> {
    tx.execute(include_str!("../queries/dead_letter/taken.sql"), &[&ids]).await.map(drop)
}

/// Throws letters away; returns how many.
pub async fn delete(client: &impl Session, which: Which<'_>) -> Result<u64, DbError> {
    let sql = include_str!("../queries/dead_letter/delete.sql");
    client.execute(sql, &[&which.ids, &which.master_id, &which.kind]).await
}

/// How many letters there are, by master.
pub async fn of_masters(client: &impl Session) -> Result<Vec<OfMaster>, DbError> {
    let rows = client.query(include_str!("../queries/dead_letter/of_masters.sql"), &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(OfMaster {
                master_uuid: row.try_get("master_uuid")?,
                letters: row.try_get("letters")?,
                at: row.try_get("at")?,
                reason: row.try_get("reason")?,
            })
        })
        .collect()
}
