//! Fills the database: the fleet of `bench lists`, and groups of many kinds. Nothing is measured here.

use anyhow::{Context, Result};
use jiff::Timestamp;
use raas_db::{Db, Session as _};

/// How much the database holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Minions of four clusters.
    pub(crate) minions: u32,
    /// Saved target groups.
    pub(crate) groups: u32,
}

pub(super) async fn fill(db: &Db, size: Size) -> Result<()> {
    eprintln!("filling a database with {} minions and {} groups", size.minions, size.groups);
    let client = db.client().await?;
    let Size { minions, groups } = size;
    let settings = format!(
        "SET bench.minions = '{minions}'; SET bench.groups = '{groups}'; SET bench.now = '{}'; SET synchronous_commit = 'off'",
        now()
    );
    client.batch(&settings).await?;
    client.batch(include_str!("../lists/fill/fleet.sql")).await.context("filling in minions")?;
    client.batch(include_str!("fill/groups.sql")).await.context("filling in groups")?;
    // Each alone: it takes no part in a transaction.
    for table in ["minion", "link", "target_group", "target_todo"] {
        client.batch(&format!("VACUUM ANALYZE {table}")).await?;
    }
    client.batch("CHECKPOINT").await.or_else(|error| {
        eprintln!("  no checkpoint: {error}");
        Ok(())
    })
}

#[allow(clippy::disallowed_methods, reason = "a benchmark's own clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
