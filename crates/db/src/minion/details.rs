//! Minions by their grains: details, which grains there are, which values; and forgetting them.

use std::sync::LazyLock;

use jiff::Timestamp;
use tokio_postgres::Row;

use super::lists::{BY_ID, LAST_SEEN_BY, by_id, then_by_id};
use super::{Fresh, counted, of_group::of_group};
use crate::ordered::{Order, Ordered};
use crate::{DbError, Only, Session};

/// The statement in every order; this line of it is replaced.
static DETAILS: LazyLock<Ordered<DetailOrder>> = LazyLock::new(|| {
    Ordered::new(include_str!("../../queries/minion/details.sql"), &format!("ORDER BY {BY_ID}"))
});

/// The same of a group.
static DETAILS_OF_GROUP: LazyLock<Ordered<DetailOrder>> = LazyLock::new(|| {
    let sql = of_group(include_str!("../../queries/minion/details.sql"));
    Ordered::new(&sql, &format!("ORDER BY {BY_ID}"))
});

/// What is told of the grains of a group.
static KEYS_OF_GROUP: LazyLock<String> =
    LazyLock::new(|| of_group(include_str!("../../queries/minion/grain_keys.sql")));
static VALUES_OF_GROUP: LazyLock<String> =
    LazyLock::new(|| of_group(include_str!("../../queries/minion/grain_values.sql")));
static KEPT_OF_GROUP: LazyLock<String> =
    LazyLock::new(|| of_group(include_str!("../../queries/minion/grain_values_kept.sql")));

/// What minions can be ordered by. Some grains stand in columns of their own; all others are read for every minion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DetailOrder {
    Id,
    Master,
    Os,
    Osfullname,
    Saltversion,
    Host,
    Ipv4,
    Ipv6,
    Grain,
}

impl DetailOrder {
    fn of(sort_by: Option<&str>) -> Self {
        match sort_by {
            None => Self::Id,
            Some("master_id") => Self::Master,
            Some("os") => Self::Os,
            Some("osfullname") => Self::Osfullname,
            Some("saltversion") => Self::Saltversion,
            Some("host") => Self::Host,
            Some("ipv4") => Self::Ipv4,
            Some("ipv6") => Self::Ipv6,
            Some(_) => Self::Grain,
        }
    }
}

impl Order for DetailOrder {
    const ALL: &'static [Self] = &[
        Self::Id,
        Self::Master,
        Self::Os,
        Self::Osfullname,
        Self::Saltversion,
        Self::Host,
        Self::Ipv4,
        Self::Ipv6,
        Self::Grain,
    ];

    fn by(self, descending: bool) -> String {
        let column = match self {
            Self::Id => return by_id(descending),
            Self::Master => r#"COALESCE(ma.master_id, x.cluster_id) COLLATE "C""#,
            Self::Os => "x.os",
            Self::Osfullname => "x.osfullname",
            Self::Saltversion => "x.saltversion",
            Self::Host => "x.host_begin",
            Self::Ipv4 => "x.ipv4_begin",
            Self::Ipv6 => "x.ipv6_begin",
            Self::Grain => r#"(x.grains ->> x.grain) COLLATE "C""#,
        };
        then_by_id(column, descending)
    }

    fn join(self) -> &'static str {
        if self == Self::Master { LAST_SEEN_BY } else { "" }
    }
}

/// Grains that stand in columns of their own, where their values are read from.
const KEPT: &[&str] = &["os", "osfullname", "saltversion", "host"];

/// Filters and order of [`details`]; patterns as of `pattern`.
#[derive(Clone, Copy, Debug)]
pub struct DetailSearch<'a> {
    /// Pattern of cluster, or master that they were last seen on.
    pub entity: Option<&'a str>,
    /// Pattern of the id.
    pub minion_id: Option<&'a str>,
    /// Grains that all must have which are words or yes and no, as a JSON object: no other grains are read for them.
    pub traits: Option<&'a str>,
    /// Other grains that all must have, as a JSON object.
    pub grains: Option<&'a str>,
    /// `master_id`, or a grain; none: the id.
    pub sort_by: Option<&'a str>,
    /// Largest first.
    pub reverse: bool,
    /// -1: all.
    pub limit: i64,
    /// How many to leave out.
    pub offset: i64,
    /// Of these minions.
    pub only: &'a Only,
    /// Members of this group, as of `target_member::settled`.
    pub group: Option<i32>,
}

/// A minion with its grains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Cluster.
    pub cluster_id: String,
    /// Minion.
    pub minion_id: String,
    /// Master that it was last seen on.
    pub master_id: Option<String>,
    /// When.
    pub seen_at: Option<Timestamp>,
    /// JSON.
    pub grains: Option<String>,
    /// When they last came.
    pub grains_at: Option<Timestamp>,
    /// present, lost, unknown.
    pub status: String,
}

/// One page of minions with their grains, and how many there are in all.
pub async fn details(
    client: &impl Session,
    fresh: Fresh<'_>,
    search: &DetailSearch<'_>,
) -> Result<(i64, Vec<Detail>), DbError> {
    let DetailSearch { entity, minion_id, traits, grains, sort_by, reverse, limit, offset, only, group } =
        search;
    let texts = if group.is_some() { &DETAILS_OF_GROUP } else { &DETAILS };
    let rows = client
        .query_anew(
            texts.get(DetailOrder::of(*sort_by), *reverse),
            &[
                &fresh.present,
                &fresh.from,
                entity,
                minion_id,
                traits,
                sort_by,
                limit,
                offset,
                &only.clusters,
                &only.minions,
                grains,
                group,
            ],
        )
        .await?;
    counted(&rows, "minion_id", detail)
}

fn detail(row: &Row) -> Result<Detail, DbError> {
    Ok(Detail {
        cluster_id: row.try_get("cluster_id")?,
        minion_id: row.try_get("minion_id")?,
        master_id: row.try_get("master_id")?,
        seen_at: row.try_get("seen_at")?,
        grains: row.try_get("grains")?,
        grains_at: row.try_get("grains_at")?,
        status: row.try_get("status")?,
    })
}

/// Names of grains, each once; of minions of a master or cluster, whose id fits a pattern, and who are members of a group
/// (as of `target_member::settled`).
pub async fn grain_keys(
    client: &impl Session,
    entity: Option<&str>,
    minion_id: Option<&str>,
    (only, group): (&Only, Option<i32>),
) -> Result<Vec<String>, DbError> {
    let sql = match group {
        Some(_) => KEYS_OF_GROUP.as_str(),
        None => include_str!("../../queries/minion/grain_keys.sql"),
    };
    let rows = client.query_anew(sql, &[&entity, &minion_id, &only.clusters, &only.minions, &group]).await?;
    rows.iter().map(|row| Ok(row.try_get("key")?)).collect()
}

/// Values of one grain as JSON, each once.
pub async fn grain_values(
    client: &impl Session,
    key: &str,
    entity: Option<&str>,
    minion_id: Option<&str>,
    (only, group): (&Only, Option<i32>),
) -> Result<Vec<String>, DbError> {
    let sql = match (KEPT.contains(&key), group) {
        (true, Some(_)) => KEPT_OF_GROUP.as_str(),
        (true, None) => include_str!("../../queries/minion/grain_values_kept.sql"),
        (false, Some(_)) => VALUES_OF_GROUP.as_str(),
        (false, None) => include_str!("../../queries/minion/grain_values.sql"),
    };
    let rows =
        client.query_anew(sql, &[&key, &entity, &minion_id, &only.clusters, &only.minions, &group]).await?;
    rows.iter().map(|row| Ok(row.try_get("text")?)).collect()
}

/// Forgets grains of the minions of a master or cluster, of one minion, or of both. Returns of how many.
pub async fn forget_grains(
    client: &impl Session,
    entity: Option<&str>,
    minion_id: Option<&str>,
) -> Result<u64, DbError> {
    client.execute(include_str!("../../queries/minion/forget_grains.sql"), &[&entity, &minion_id]).await
}

/// Every minion that belongs to its cluster, as (cluster, minion).
pub async fn known(client: &impl Session) -> Result<Vec<(String, String)>, DbError> {
    let rows = client.query(include_str!("../../queries/minion/known.sql"), &[]).await?;
    rows.iter().map(|row| Ok((row.try_get("cluster_id")?, row.try_get("minion_id")?))).collect()
}
