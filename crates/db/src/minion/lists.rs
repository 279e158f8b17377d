//! Lists of minions: by their presence, and with their grains as masters know them. Searching by grains is in `details`.

use std::sync::LazyLock;

use jiff::Timestamp;
use tokio_postgres::Row;

use super::{Fresh, counted, of_group::of_group};
use crate::ordered::{Order, Ordered};
use crate::{DbError, Only, Session};

/// By id: the order of the index `minion_by_id`, and of all that is equal otherwise.
pub(super) const BY_ID: &str = r#"x.minion_id COLLATE "C", x.cluster_id COLLATE "C""#;

/// By id, the last first.
pub(super) fn by_id(descending: bool) -> String {
    if descending { format!(r#"x.minion_id COLLATE "C" DESC, {BY_ID}"#) } else { BY_ID.to_owned() }
}

/// Ascending or descending by `column`, minions without one last; equal ones by id.
pub(super) fn then_by_id(column: &str, descending: bool) -> String {
    let way = if descending { " DESC NULLS LAST" } else { "" };
    format!("{column}{way}, {BY_ID}")
}

/// For the order of the masters that minions were last seen on.
pub(super) const LAST_SEEN_BY: &str = "LEFT JOIN master ma ON ma.master_uuid = x.seen_by ";

/// The statement in every order; this line of it is replaced.
static PRESENCE: LazyLock<Ordered<PresenceOrder>> = LazyLock::new(|| {
    Ordered::new(include_str!("../../queries/minion/presence.sql"), &format!("ORDER BY {BY_ID}"))
});

/// The statement in every order; this line of it is replaced.
static CACHE: LazyLock<Ordered<CacheOrder>> = LazyLock::new(|| {
    Ordered::new(include_str!("../../queries/minion/cache.sql"), &format!("ORDER BY x.grains_at, {BY_ID}"))
});

/// The same of a group.
static CACHE_OF_GROUP: LazyLock<Ordered<CacheOrder>> = LazyLock::new(|| {
    let sql = of_group(include_str!("../../queries/minion/cache.sql"));
    Ordered::new(&sql, &format!("ORDER BY x.grains_at, {BY_ID}"))
});

/// What minions can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresenceOrder {
    /// Id.
    Minion,
    /// Cluster.
    Cluster,
    /// Master that it was last seen on.
    Master,
    /// present, lost, unknown.
    Status,
    /// When it was last seen.
    Timestamp,
}

impl Order for PresenceOrder {
    const ALL: &'static [Self] = &[Self::Minion, Self::Cluster, Self::Master, Self::Status, Self::Timestamp];

    fn by(self, descending: bool) -> String {
        let column = match self {
            Self::Minion => return by_id(descending),
            Self::Cluster => r#"x.cluster_id COLLATE "C""#,
            Self::Master => r#"ma.master_id COLLATE "C""#,
            Self::Status => r#"x.status COLLATE "C""#,
            Self::Timestamp => "x.seen_at",
        };
        then_by_id(column, descending)
    }

    fn join(self) -> &'static str {
        if self == Self::Master { LAST_SEEN_BY } else { "" }
    }
}

/// Filters and order of [`presence`]; patterns as of `pattern`.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// Cluster, or master that they were last seen on.
    pub entity: Option<&'a str>,
    /// Cluster.
    pub cluster_id: Option<&'a str>,
    /// Pattern of the id.
    pub minion_id: Option<&'a str>,
    /// present, lost, unknown.
    pub status: Option<&'a str>,
    /// Pattern of one of the addresses, as of `pattern::member`.
    pub ipv4: Option<(&'a str, Option<&'a str>)>,
    /// Pattern of the host name.
    pub host: Option<&'a str>,
    /// Of these minions.
    pub only: &'a Only,
    /// Order, and whether the largest come first.
    pub order: (PresenceOrder, bool),
    /// -1: all.
    pub limit: i64,
    /// How many to leave out.
    pub offset: i64,
}

/// A minion with its presence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// When it was last seen.
    pub seen_at: Option<Timestamp>,
    /// How.
    pub evidence: Option<String>,
    /// On which master.
    pub master_id: Option<String>,
    /// present, lost, unknown.
    pub status: String,
}

impl Present {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(Self {
            cluster_id: row.try_get("cluster_id")?,
            minion_id: row.try_get("minion_id")?,
            seen_at: row.try_get("seen_at")?,
            evidence: row.try_get("evidence")?,
            master_id: row.try_get("master_id")?,
            status: row.try_get("status")?,
        })
    }
}

/// One page of minions with their presence, and how many there are in all.
pub async fn presence(
    client: &impl Session,
    fresh: Fresh<'_>,
    search: &Search<'_>,
) -> Result<(i64, Vec<Present>), DbError> {
    let Search { entity, cluster_id, minion_id, status, ipv4, host, only, order, limit, offset } = search;
    let (like, regex) = ipv4.unzip();
    let regex = regex.flatten();
    let rows = client
        .query_anew(
            PRESENCE.get(order.0, order.1),
            &[
                &fresh.present,
                &fresh.from,
                entity,
                cluster_id,
                minion_id,
                status,
                &like,
                &regex,
                host,
                limit,
                offset,
                &only.clusters,
                &only.minions,
            ],
        )
        .await?;
    counted(&rows, "minion_id", Present::from_row)
}

/// What minions with their grains can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheOrder {
    /// When the grains last came.
    AlterTime,
    /// Id.
    Minion,
    /// Cluster.
    Master,
    /// Grain.
    Saltversion,
    /// Grain.
    Osfullname,
    /// Grain, as the first 60 characters of its JSON text.
    Ipv4,
    /// Grain, as the first 60 characters of its JSON text.
    Ipv6,
    /// present, lost, unknown.
    Presence,
}

impl Order for CacheOrder {
    const ALL: &'static [Self] = &[
        Self::AlterTime,
        Self::Minion,
        Self::Master,
        Self::Saltversion,
        Self::Osfullname,
        Self::Ipv4,
        Self::Ipv6,
        Self::Presence,
    ];

    fn by(self, descending: bool) -> String {
        let column = match self {
            Self::AlterTime => "x.grains_at",
            Self::Minion => return by_id(descending),
            Self::Master => r#"x.cluster_id COLLATE "C""#,
            Self::Saltversion => "x.saltversion",
            Self::Osfullname => "x.osfullname",
            Self::Ipv4 => "x.ipv4_begin",
            Self::Ipv6 => "x.ipv6_begin",
            Self::Presence => r#"x.status COLLATE "C""#,
        };
        then_by_id(column, descending)
    }
}

/// Filters and order of [`cache`].
#[derive(Clone, Copy, Debug)]
pub struct CacheSearch<'a> {
    /// Cluster, or master that they were last seen on.
    pub entity: Option<&'a str>,
    /// Pattern of the id.
    pub minion_id: Option<&'a str>,
    /// Of these minions.
    pub only: &'a Only,
    /// Members of this group, as of `target_member::settled`.
    pub group: Option<i32>,
    /// Order, and whether the largest come first.
    pub order: (CacheOrder, bool),
    /// -1: all.
    pub limit: i64,
    /// How many to leave out.
    pub offset: i64,
}

/// Minions with their grains, as (cluster, minion, JSON text).
pub async fn cache(
    client: &impl Session,
    fresh: Fresh<'_>,
    search: &CacheSearch<'_>,
) -> Result<Vec<(String, String, String)>, DbError> {
    let CacheSearch { entity, minion_id, only, group, order, limit, offset } = search;
    let texts = if group.is_some() { &CACHE_OF_GROUP } else { &CACHE };
    let rows = client
        .query_anew(
            texts.get(order.0, order.1),
            &[
                &fresh.present,
                &fresh.from,
                entity,
                minion_id,
                limit,
                offset,
                &only.clusters,
                &only.minions,
                group,
            ],
        )
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("cluster_id")?, row.try_get("minion_id")?, row.try_get("grains")?)))
        .collect()
}
