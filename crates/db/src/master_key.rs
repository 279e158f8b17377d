//! Table `master_key`: every key that a master ever offered, and what became of it. The rules are in `raas_cluster::enrolment`.

use jiff::Timestamp;
use raas_wire::{ClusterKind, MasterFacts, MasterKeyState};
use tokio_postgres::Row;

use crate::error::DbError;
use crate::session::Session;
use crate::word;

/// One key of one master id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MasterKey {
    /// Who offers it.
    pub master_id: String,
    /// SHA-256 of the key, hex.
    pub fingerprint: String,
    /// SPKI PEM.
    pub public_key: String,
    /// State.
    pub state: MasterKeyState,
    /// Why; empty when there is nothing to say.
    pub reason: String,
    /// Cluster as declared.
    pub cluster_id: Option<String>,
    /// Kind as declared.
    pub kind: ClusterKind,
    /// What the master last said of itself.
    pub facts: MasterFacts,
    /// First offered.
    pub created_at: Timestamp,
    /// State or reason last changed.
    pub changed_at: Timestamp,
    /// Last offered.
    pub last_seen_at: Timestamp,
    /// Cluster and kind are part of the decision; false for a key pre-seeded without them.
    pub bound: bool,
}

impl MasterKey {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            master_id: row.try_get("master_id")?,
            fingerprint: row.try_get("fingerprint")?,
            public_key: row.try_get("public_key")?,
            state: word::key_state(row, "state")?,
            reason: row.try_get("reason")?,
            cluster_id: row.try_get("cluster_id")?,
            kind: word::kind(row)?,
            facts: serde_json::from_str(row.try_get("facts")?).unwrap_or_default(),
            created_at: row.try_get("created_at")?,
            changed_at: row.try_get("changed_at")?,
            last_seen_at: row.try_get("last_seen_at")?,
            bound: row.try_get("bound")?,
        })
    }

    /// The name of the cluster that it declares: its own for a single master.
    pub fn cluster(&self) -> &str {
        self.cluster_id.as_deref().unwrap_or(&self.master_id)
    }
}

/// Filters of [`search`].
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// Only this state.
    pub state: Option<MasterKeyState>,
    /// Pattern of the id (see `pattern`).
    pub master_id: Option<&'a str>,
    /// Pending keys that were last offered before this are left out.
    pub not_before: Timestamp,
    /// `master_id`, `state` or `created`.
    pub sort_by: &'a str,
    /// Largest first.
    pub reverse: bool,
}

/// Enrolments and decisions wait for one another until the transaction ends.
pub async fn lock(tx: &impl Session) -> Result<(), DbError> {
    tx.query(include_str!("../queries/master_key/lock.sql"), &[]).await.map(drop)
}

/// All keys of a master id, newest first.
pub async fn of_master(client: &impl Session, master_id: &str) -> Result<Vec<MasterKey>, DbError> {
    let rows = client.query(include_str!("../queries/master_key/of_master.sql"), &[&master_id]).await?;
    rows.iter().map(MasterKey::from_row).collect()
}

/// All master ids that offered this key, the accepted one first.
pub async fn by_fingerprint(client: &impl Session, fingerprint: &str) -> Result<Vec<MasterKey>, DbError> {
    let rows =
        client.query(include_str!("../queries/master_key/by_fingerprint.sql"), &[&fingerprint]).await?;
    rows.iter().map(MasterKey::from_row).collect()
}

/// Keys, filtered and sorted.
pub async fn search(client: &impl Session, search: &Search<'_>) -> Result<Vec<MasterKey>, DbError> {
    let sql = include_str!("../queries/master_key/search.sql");
    let state = search.state.map(MasterKeyState::as_str);
    let rows = client
        .query(sql, &[&state, &search.master_id, &search.not_before, &search.sort_by, &search.reverse])
        .await?;
    rows.iter().map(MasterKey::from_row).collect()
}

/// Writes a key as it now stands; `now` becomes its last sighting, and its first when it is new.
pub async fn save(tx: &impl Session, key: &MasterKey, now: Timestamp) -> Result<(), DbError> {
    let sql = include_str!("../queries/master_key/save.sql");
    let facts = serde_json::to_string(&key.facts).unwrap_or_else(|_| "{}".to_owned());
    tx.execute(
        sql,
        &[
            &key.master_id,
            &key.fingerprint,
            &key.public_key,
            &key.state.as_str(),
            &key.reason,
            &key.cluster_id,
            &key.kind.as_str(),
            &facts,
            &now,
            &key.bound,
        ],
    )
    .await
    .map(drop)
}

/// Changes state and reason of one key.
pub async fn set_state(
    tx: &impl Session,
    (master_id, fingerprint): (&str, &str),
    state: MasterKeyState,
    reason: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = include_str!("../queries/master_key/set_state.sql");
    tx.execute(sql, &[&master_id, &fingerprint, &state.as_str(), &reason, &now]).await.map(drop)
}

/// Before this key is accepted: other keys of the id, and other ids of the key, lose their acceptance.
/// Returns those that did, as (master id, fingerprint).
pub async fn replace_accepted(
    tx: &impl Session,
    master_id: &str,
    fingerprint: &str,
    now: Timestamp,
) -> Result<Vec<(String, String)>, DbError> {
    let sql = include_str!("../queries/master_key/replace_accepted.sql");
    let rows = tx.query(sql, &[&master_id, &fingerprint, &now]).await?;
    rows.iter().map(|row| Ok((row.try_get("master_id")?, row.try_get("fingerprint")?))).collect()
}

/// Forgets one key of an id, or all of them. Returns how many there were.
pub async fn delete(tx: &impl Session, master_id: &str, fingerprint: Option<&str>) -> Result<u64, DbError> {
    tx.execute(include_str!("../queries/master_key/delete.sql"), &[&master_id, &fingerprint]).await
}

/// How many undecided or refused keys came up since then.
pub async fn recent(tx: &impl Session, since: Timestamp) -> Result<i64, DbError> {
    Ok(tx.query_one(include_str!("../queries/master_key/recent.sql"), &[&since]).await?.try_get("count")?)
}

/// Forgets keys that nobody decided about and that were last offered before then.
pub async fn expire(tx: &impl Session, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(include_str!("../queries/master_key/expire.sql"), &[&before]).await
}
