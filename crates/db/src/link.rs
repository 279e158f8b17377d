//! Tables `link` and `link_key`: a minion as one master sees it: its key there. Signs of life are written by `minion`.

use std::sync::LazyLock;

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::error::DbError;
use crate::from_end;
use crate::minion::{Teller, counted};
use crate::only::Only;
use crate::ordered::{Order, Ordered};
use crate::session::Session;

/// The key of one minion on one master.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// Minion.
    pub minion_id: &'a str,
    /// accepted, pending, rejected, denied.
    pub key_state: &'static str,
    /// SHA-256 of the PEM text, hex.
    pub fingerprint: &'a str,
    /// PEM.
    pub public_key: &'a str,
    /// Another key for the same id that the master denied: fingerprint and PEM.
    pub denied: Option<(&'a str, &'a str)>,
}

/// What [`replace_keys`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replaced {
    /// Keys that are new or changed.
    pub written: u64,
    /// Minions whose key is gone on this master.
    pub gone: Vec<String>,
}

/// Replaces all keys of a master by these. The minions must have their rows.
pub async fn replace_keys(
    tx: &impl Session,
    by: Teller<'_>,
    keys: &[Key<'_>],
    at: Timestamp,
) -> Result<Replaced, DbError> {
    let id: Vec<_> = keys.iter().map(|key| key.minion_id).collect();
    let state: Vec<_> = keys.iter().map(|key| key.key_state).collect();
    let fingerprint: Vec<_> = keys.iter().map(|key| key.fingerprint).collect();
    let pem: Vec<_> = keys.iter().map(|key| key.public_key).collect();
    let denied: Vec<_> = keys.iter().map(|key| key.denied.map(|denied| denied.0)).collect();
    let denied_pem: Vec<_> = keys.iter().map(|key| key.denied.map(|denied| denied.1)).collect();
    let sql = include_str!("../queries/link/save_keys.sql");
    let params: crate::Params<'_> =
        &[&by.cluster_id, &by.master_uuid, &at, &id, &state, &fingerprint, &pem, &denied, &denied_pem];
    let written: i64 = tx.query_one(sql, params).await?.try_get("written")?;
    let rows = tx
        .query(include_str!("../queries/link/drop_keys.sql"), &[&by.cluster_id, &by.master_uuid, &id])
        .await?;
    let gone = rows.iter().map(|row| row.try_get("minion_id")).collect::<Result<_, _>>()?;
    Ok(Replaced { written: written.unsigned_abs(), gone })
}

/// A key as a master told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Minion.
    pub minion_id: String,
    /// accepted, pending, rejected, denied.
    pub key_state: String,
    /// SHA-256 of the PEM text, hex.
    pub fingerprint: String,
    /// PEM.
    pub public_key: String,
    /// Another key for the same id that the master denied: fingerprint and PEM.
    pub denied: Option<(String, String)>,
}

/// The keys of minions as one master told them.
pub async fn told(client: &impl Session, by: Teller<'_>) -> Result<Vec<Told>, DbError> {
    let sql = include_str!("../queries/link/told.sql");
    let rows = client.query(sql, &[&by.cluster_id, &by.master_uuid]).await?;
    rows.iter()
        .map(|row| {
            let denied: (Option<String>, Option<String>) =
                (row.try_get("denied_fingerprint")?, row.try_get("denied_public_key")?);
            Ok(Told {
                minion_id: row.try_get("minion_id")?,
                key_state: row.try_get("key_state")?,
                fingerprint: row.try_get("fingerprint")?,
                public_key: row.try_get("public_key")?,
                denied: denied.0.zip(denied.1),
            })
        })
        .collect()
}

/// The order that the others replace.
const BY_ID: &str = r#"minion_id COLLATE "C", master_id COLLATE "C", key_state COLLATE "C", beside"#;

/// The statement in every order; these lines of it are replaced.
static KEYS: LazyLock<Ordered<KeyOrder>> =
    LazyLock::new(|| Ordered::new(include_str!("../queries/link/keys.sql"), &format!("ORDER BY {BY_ID}")));

/// What keys can be ordered by; descending is the exact reverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOrder {
    /// Minion.
    MinionId,
    /// Master.
    MasterId,
    /// accepted, pending, rejected, denied.
    KeyState,
}

impl Order for KeyOrder {
    const ALL: &'static [Self] = &[Self::MinionId, Self::MasterId, Self::KeyState];

    fn by(self, descending: bool) -> String {
        let columns = match self {
            Self::MinionId => ["minion_id", "master_id", "key_state"],
            Self::MasterId => ["master_id", "minion_id", "key_state"],
            Self::KeyState => ["key_state", "minion_id", "master_id"],
        };
        let way = if descending { " DESC" } else { "" };
        let columns = columns.map(|column| format!(r#"{column} COLLATE "C"{way}"#)).join(", ");
        // A denied key may stand beside another denied one.
        format!("{columns}, beside{way}")
    }
}

/// Filters and order of [`keys`].
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// Master or cluster.
    pub entity: Option<&'a str>,
    /// Pattern of the minion's id.
    pub minion_id: Option<&'a str>,
    /// accepted, pending, rejected, denied.
    pub key_state: Option<&'a str>,
    /// Order, and whether the largest come first.
    pub order: (KeyOrder, bool),
    /// -1: all.
    pub limit: i64,
    /// How many to leave out.
    pub offset: i64,
    /// Of these minions.
    pub only: &'a Only,
}

/// One key on one master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Master.
    pub master_id: String,
    /// accepted, pending, rejected, denied.
    pub key_state: String,
    /// SHA-256 of the PEM text, hex.
    pub fingerprint: Option<String>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Masters of the cluster hold different keys for this id.
    pub conflict: bool,
}

impl Held {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            cluster_id: row.try_get("cluster_id")?,
            minion_id: row.try_get("minion_id")?,
            master_id: row.try_get("master_id")?,
            key_state: row.try_get("key_state")?,
            fingerprint: row.try_get("fingerprint")?,
            since: row.try_get("since")?,
            conflict: row.try_get("conflict")?,
        })
    }
}

/// One page of keys, and how many there are in all.
pub async fn keys(client: &impl Session, search: &Search<'_>) -> Result<(i64, Vec<Held>), DbError> {
    let Search { entity, minion_id, key_state, order, only, .. } = *search;
    from_end::page((search.limit, search.offset), |reverse, limit, offset| async move {
        let sql = KEYS.get(order.0, order.1 != reverse);
        let params: crate::Params<'_> =
            &[&entity, &minion_id, &key_state, &limit, &offset, &only.clusters, &only.minions];
        counted(&client.query_anew(sql, params).await?, "minion_id", Held::from_row)
    })
    .await
}

/// What a decision about a minion's key looks at: its key on one master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Master.
    pub master_uuid: Uuid,
    /// Master.
    pub master_id: String,
    /// accepted, pending, rejected, denied.
    pub key_state: String,
    /// SHA-256 of the PEM text, hex.
    pub fingerprint: Option<String>,
    /// PEM.
    pub public_key: Option<String>,
    /// A denied key beside it: fingerprint and PEM.
    pub denied: Option<(String, String)>,
}

impl Cell {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let denied: (Option<String>, Option<String>) =
            (row.try_get("denied_fingerprint")?, row.try_get("denied_public_key")?);
        Ok(Self {
            cluster_id: row.try_get("cluster_id")?,
            minion_id: row.try_get("minion_id")?,
            master_uuid: row.try_get("master_uuid")?,
            master_id: row.try_get("master_id")?,
            key_state: row.try_get("key_state")?,
            fingerprint: row.try_get("fingerprint")?,
            public_key: row.try_get("public_key")?,
            denied: denied.0.zip(denied.1),
        })
    }
}

/// The keys of these minions, given as (cluster, minion), on every master of their cluster.
pub async fn of_minions(client: &impl Session, pairs: &[(&str, &str)]) -> Result<Vec<Cell>, DbError> {
    let (clusters, minions): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let rows = client.query(include_str!("../queries/link/of_minions.sql"), &[&clusters, &minions]).await?;
    rows.iter().map(Cell::from_row).collect()
}

/// A minion as one master saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighted {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Master.
    pub master_uuid: Uuid,
    /// Master.
    pub master_id: String,
    /// Newest sign of life there.
    pub seen_at: Option<Timestamp>,
    /// What it was.
    pub evidence: Option<String>,
    /// When it last did not answer there.
    pub silent_at: Option<Timestamp>,
    /// Since then it may have left that master.
    pub left_at: Option<Timestamp>,
}

/// Where these minions, given as (cluster, minion), were seen, on every master.
pub async fn presence(client: &impl Session, pairs: &[(&str, &str)]) -> Result<Vec<Sighted>, DbError> {
    let (clusters, minions): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    let rows = client.query(include_str!("../queries/link/presence.sql"), &[&clusters, &minions]).await?;
    rows.iter()
        .map(|row| {
            Ok(Sighted {
                cluster_id: row.try_get("cluster_id")?,
                minion_id: row.try_get("minion_id")?,
                master_uuid: row.try_get("master_uuid")?,
                master_id: row.try_get("master_id")?,
                seen_at: row.try_get("seen_at")?,
                evidence: row.try_get("evidence")?,
                silent_at: row.try_get("silent_at")?,
                left_at: row.try_get("left_at")?,
            })
        })
        .collect()
}

/// Forgets all that a master told of minions: another machine has its id now.
pub async fn forget(tx: &impl Session, master_uuid: Uuid) -> Result<u64, DbError> {
    tx.execute(include_str!("../queries/link/forget.sql"), &[&master_uuid]).await
}

/// A master answered deliveries of this kind (`keys` or `ping`), each with what it refused. Those that were another's,
/// or were answered before, are left alone.
pub async fn answered(
    tx: &impl Session,
    (master_uuid, work): (Uuid, &str),
    answers: &[(Uuid, String)],
    now: Timestamp,
) -> Result<u64, DbError> {
    let (id, reason): (Vec<Uuid>, Vec<&str>) = answers.iter().map(|one| (one.0, one.1.as_str())).unzip();
    let sql = include_str!("../queries/link/answered.sql");
    tx.execute(sql, &[&now, &master_uuid, &work, &id, &reason]).await
}
