//! Table `master`: masters that were accepted, what they said of themselves and when they last called.

use jiff::{SignedDuration, Timestamp};
use raas_cluster::presence::{self, MasterEvidence, Verdict};
use raas_wire::{ClusterKind, Heartbeat, MasterFacts, MasterKeyState, SaltState};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::session::Session;
use crate::word;

/// One master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Master {
    /// The server's id of it.
    pub master_uuid: Uuid,
    /// Its own id.
    pub master_id: String,
    /// Its cluster; its own id for a single master.
    pub cluster_id: String,
    /// The cluster's kind.
    pub kind: ClusterKind,
    /// Fingerprint of the key that was accepted.
    pub fingerprint: String,
    /// What became of that key: only of accepted ones commands and reports are taken.
    pub key_state: MasterKeyState,
    /// Why the key is in that state.
    pub key_reason: String,
    /// What it said of itself.
    pub facts: MasterFacts,
    /// Epoch of the plugin's spool.
    pub epoch: Option<Uuid>,
    /// When its plugin last called.
    pub last_call_at: Option<Timestamp>,
    /// State of Salt at that call.
    pub salt_state: Option<SaltState>,
    /// The last call that said that Salt answers.
    pub salt_answered_at: Option<Timestamp>,
    /// Its clock minus ours.
    pub clock_skew_ms: i64,
    /// Records waiting in its spool.
    pub spool_records: i64,
    /// Age of the oldest.
    pub spool_oldest_s: i64,
    /// Minion connections it counts.
    pub connections: Option<i32>,
    /// When it was there again after it had been away, newest first; the last few.
    pub came_at: Vec<Timestamp>,
    /// When it last told the keys of its minions; none: not yet.
    pub keys_at: Option<Timestamp>,
}

impl Master {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            master_uuid: row.try_get("master_uuid")?,
            master_id: row.try_get("master_id")?,
            cluster_id: row.try_get("cluster_id")?,
            kind: word::kind(row)?,
            fingerprint: row.try_get("fingerprint")?,
            key_state: word::key_state(row, "key_state")?,
            key_reason: row.try_get("key_reason")?,
            facts: MasterFacts {
                plugin_version: row.try_get("plugin_version")?,
                salt_version: row.try_get("salt_version")?,
                host: row.try_get("host")?,
                salt_key_fingerprint: row.try_get("salt_key_fingerprint")?,
                signing_key_fingerprint: row.try_get("signing_key_fingerprint")?,
                transport: row.try_get("transport")?,
            },
            epoch: row.try_get("epoch")?,
            last_call_at: row.try_get("last_call_at")?,
            salt_state: word::salt_state(row)?,
            salt_answered_at: row.try_get("salt_answered_at")?,
            clock_skew_ms: row.try_get("clock_skew_ms")?,
            spool_records: row.try_get("spool_records")?,
            spool_oldest_s: row.try_get("spool_oldest_s")?,
            connections: row.try_get("connections")?,
            came_at: row.try_get("came_at")?,
            keys_at: row.try_get("keys_at")?,
        })
    }

    /// Whether it is there, and why we think so.
    pub fn presence(&self, now: Timestamp, expiry: SignedDuration) -> Verdict {
        let evidence = MasterEvidence { last_call_at: self.last_call_at, salt: self.salt_state };
        presence::master(now, &evidence, expiry)
    }

    /// Whether commands may go to it and reports come from it.
    pub fn is_accepted(&self) -> bool {
        self.key_state == MasterKeyState::Accepted
    }
}

const LIST: &str = include_str!("../queries/master/list.sql");

/// All masters that were accepted once, by id. Look at [`Master::is_accepted`].
pub async fn list(client: &impl Session) -> Result<Vec<Master>, DbError> {
    let rows = client.query(LIST, &[&None::<Uuid>, &None::<&str>]).await?;
    rows.iter().map(Master::from_row).collect()
}

/// The master with this uuid.
pub async fn get(client: &impl Session, master_uuid: Uuid) -> Result<Option<Master>, DbError> {
    let row = client.query_opt(LIST, &[&Some(master_uuid), &None::<&str>]).await?;
    row.as_ref().map(Master::from_row).transpose()
}

/// The master with this id.
pub async fn by_id(client: &impl Session, master_id: &str) -> Result<Option<Master>, DbError> {
    let row = client.query_opt(LIST, &[&None::<Uuid>, &Some(master_id)]).await?;
    row.as_ref().map(Master::from_row).transpose()
}

/// A master whose key is accepted now.
#[derive(Clone, Copy, Debug)]
pub struct Accepted<'a> {
    /// Its uuid when it is new; a master that was accepted before keeps its own.
    pub new_uuid: Uuid,
    /// Master id.
    pub master_id: &'a str,
    /// Cluster, which must exist.
    pub cluster_id: &'a str,
    /// Fingerprint of the key.
    pub fingerprint: &'a str,
    /// What it said of itself.
    pub facts: &'a MasterFacts,
}

/// Writes it down and returns its uuid. When it comes from another cluster, it leaves everything there.
pub async fn save(tx: &impl Session, master: &Accepted<'_>, now: Timestamp) -> Result<Uuid, DbError> {
    let facts = master.facts;
    let sql = include_str!("../queries/master/save.sql");
    let row = tx
        .query_one(
            sql,
            &[
                &master.new_uuid,
                &master.master_id,
                &master.cluster_id,
                &master.fingerprint,
                &now,
                &facts.plugin_version,
                &facts.salt_version,
                &facts.host,
                &facts.transport,
                &facts.salt_key_fingerprint,
                &facts.signing_key_fingerprint,
            ],
        )
        .await?;
    let uuid: Uuid = row.try_get("master_uuid")?;
    tx.execute(include_str!("../queries/master/leave.sql"), &[&uuid, &master.cluster_id]).await?;
    Ok(uuid)
}

/// Remembers the epoch of its spool.
pub async fn set_epoch(tx: &impl Session, master_uuid: Uuid, epoch: Uuid) -> Result<(), DbError> {
    tx.execute(include_str!("../queries/master/set_epoch.sql"), &[&master_uuid, &epoch]).await.map(drop)
}

/// A list of all its keys, as of then, is about to be taken. With `newest_only` only one that is not older than the last.
pub async fn set_keys_at(
    tx: &impl Session,
    master_uuid: Uuid,
    at: Timestamp,
    newest_only: bool,
) -> Result<bool, DbError> {
    let sql = include_str!("../queries/master/set_keys_at.sql");
    Ok(tx.execute(sql, &[&master_uuid, &at, &newest_only]).await? == 1)
}

/// What it told of keys is forgotten.
pub async fn forget_keys_at(tx: &impl Session, master_uuid: Uuid) -> Result<(), DbError> {
    tx.execute(include_str!("../queries/master/forget_keys_at.sql"), &[&master_uuid]).await.map(drop)
}

/// A plugin called. Returns what was known before, none when there is no such master (any more).
pub async fn heartbeat(
    client: &impl Session,
    master_uuid: Uuid,
    beat: &Heartbeat,
    now: Timestamp,
) -> Result<Option<MasterEvidence>, DbError> {
    let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let skew = i64::try_from(beat.clock.duration_since(now).as_millis()).unwrap_or_default();
    let connections = beat.connections.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
    let (records, oldest) = (whole(beat.spool_records), whole(beat.spool_oldest_s));
    let sql = include_str!("../queries/master/heartbeat.sql");
    let salt = beat.salt.as_str();
    let row = client
        .query_opt(sql, &[&master_uuid, &now, &salt, &skew, &records, &oldest, &connections, &beat.epoch])
        .await?;
    row.map(|row| {
        Ok(MasterEvidence { last_call_at: row.try_get("last_call_at")?, salt: word::salt_state(&row)? })
    })
    .transpose()
}

/// It is there again after it had been away.
pub async fn came(client: &impl Session, master_uuid: Uuid, now: Timestamp) -> Result<(), DbError> {
    client.execute(include_str!("../queries/master/came.sql"), &[&master_uuid, &now]).await.map(drop)
}

/// Forgets a master with all that hangs on it. Returns its uuid and cluster.
pub async fn delete(tx: &impl Session, master_id: &str) -> Result<Option<(Uuid, String)>, DbError> {
    let row = tx.query_opt(include_str!("../queries/master/delete.sql"), &[&master_id]).await?;
    row.map(|row| Ok((row.try_get("master_uuid")?, row.try_get("cluster_id")?))).transpose()
}

/// Names that users give, of clusters or masters, and the cluster that each means. Unknown names are left out.
pub async fn entities(client: &impl Session, names: &[&str]) -> Result<Vec<(String, String)>, DbError> {
    let rows = client.query(include_str!("../queries/master/entities.sql"), &[&names]).await?;
    rows.iter().map(|row| Ok((row.try_get("name")?, row.try_get("cluster_id")?))).collect()
}
