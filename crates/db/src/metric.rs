//! Tables `metric_sample` and `metric_now`: samples of metrics, taken by the leader.

use jiff::Timestamp;

use crate::{DbError, Session};

/// Takes a sample of everything. `masters`: how many are accepted; `minions`: how many have each presence; `before`: when the
/// sample before was taken.
pub async fn take(
    client: &impl Session,
    now: Timestamp,
    masters: i64,
    minions: &[(&str, i64)],
    before: Timestamp,
) -> Result<(), DbError> {
    let (presence, minions): (Vec<&str>, Vec<i64>) = minions.iter().copied().unzip();
    let sql = include_str!("../queries/metric/take.sql");
    client.execute(sql, &[&now, &presence, &minions, &masters, &before]).await.map(drop)
}

/// Forgets samples from before then, and what was not sampled any more since.
pub async fn forget(client: &impl Session, before: Timestamp) -> Result<u64, DbError> {
    client.execute(include_str!("../queries/metric/forget_now.sql"), &[&before]).await?;
    client.execute(include_str!("../queries/metric/forget.sql"), &[&before]).await
}

/// The newest value of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Newest {
    /// Its name.
    pub metric: String,
    /// Where it was measured.
    pub source: String,
    /// Its value; of a counter its total.
    pub value: f64,
    /// It only grows.
    pub counter: bool,
}

/// The newest value of every metric.
pub async fn newest(client: &impl Session) -> Result<Vec<Newest>, DbError> {
    let rows = client.query(include_str!("../queries/metric/now.sql"), &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(Newest {
                metric: row.try_get("metric")?,
                source: row.try_get("source")?,
                value: row.try_get("value")?,
                counter: row.try_get("counter")?,
            })
        })
        .collect()
}

/// Where a metric is measured.
pub async fn sources(client: &impl Session, metric: &str) -> Result<Vec<String>, DbError> {
    let rows = client.query(include_str!("../queries/metric/sources.sql"), &[&metric]).await?;
    rows.iter().map(|row| Ok(row.try_get("source")?)).collect()
}

/// Samples of one metric of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Metric.
    pub metric: String,
    /// Source.
    pub source: String,
    /// When and what.
    pub points: Vec<(Timestamp, f64)>,
}

/// Samples between two moments; of all metrics and sources, or of some.
pub async fn series(
    client: &impl Session,
    metrics: Option<&[&str]>,
    sources: Option<&[String]>,
    (from, to): (Timestamp, Timestamp),
    reverse: bool,
) -> Result<Vec<Series>, DbError> {
    let sql = include_str!("../queries/metric/series.sql");
    let rows = client.query(sql, &[&metrics, &sources, &from, &to, &reverse]).await?;
    rows.iter()
        .map(|row| {
            let (times, values): (Vec<Timestamp>, Vec<f64>) = (row.try_get("times")?, row.try_get("values")?);
            Ok(Series {
                metric: row.try_get("metric")?,
                source: row.try_get("source")?,
                points: times.into_iter().zip(values).collect(),
            })
        })
        .collect()
}

/// How PostgreSQL is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Its version.
    pub version: String,
    /// It only follows another one.
    pub standby: bool,
    /// Bytes of this database.
    pub size: i64,
    /// Connections to it.
    pub connections: i64,
    /// Connections that PostgreSQL takes, to all databases.
    pub max_connections: i64,
}

/// Asks PostgreSQL how it is.
pub async fn health(client: &impl Session) -> Result<Health, DbError> {
    let row = client.query_one(include_str!("../queries/metric/health.sql"), &[]).await?;
    Ok(Health {
        version: row.try_get("version")?,
        standby: row.try_get("standby")?,
        size: row.try_get("size")?,
        connections: row.try_get("connections")?,
        max_connections: row.try_get("max_connections")?,
    })
}
