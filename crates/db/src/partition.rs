//! Daily partitions of the history tables: made ahead of time, dropped by retention. Which days to keep is the caller's business.
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use crate::error::{DbError, Trouble};
use crate::session::{Client, Session};

/// "raaspart" as a number: makers and droppers of partitions go one after the other.
const LOCK: i64 = 0x7261_6173_7061_7274;

/// Which history goes: the audit is kept by a rule of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Outcomes, returns and whatever else belongs to jobs.
    Jobs,
    /// Who did what.
    Audit,
}

impl Family {
    fn has(self, table: &str) -> bool {
        (table == "audit") == (self == Self::Audit)
    }
}

/// A partition that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// The partitioned table.
    pub table: String,
    /// Its own name.
    pub name: String,
    /// The day that it holds.
    pub day: Date,
}

/// What became of old partitions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dropped {
    /// These are gone.
    pub partitions: Vec<Partition>,
    /// Why the rest is still there, when it is.
    pub in_use: Option<String>,
}

/// Makes the partitions of every history table from the day before `today` to `today + ahead_days`; returns how many were new.
pub async fn ensure(client: &mut Client, today: Date, ahead_days: u16) -> Result<usize, DbError> {
    let first = shifted(today, (-1).day())?;
    let mut days = Vec::new();
    for n in 0..=i32::from(ahead_days) + 1 {
        days.push(shifted(first, n.days())?);
    }
    ensure_days(client, &days).await
}

/// Makes the partitions of these days: after [`DbError::MissingPartition`] for a jid of long ago.
pub async fn ensure_days(client: &mut Client, days: &[Date]) -> Result<usize, DbError> {
    // Looking first: the usual case is that all are there, and then no lock is taken.
    if missing(&*client, days).await?.is_empty() {
        return Ok(0);
    }
    let transaction = client.transaction().await?;
    transaction.execute(include_str!("../queries/partition/lock.sql"), &[&LOCK]).await?;
    let missing = missing(&transaction, days).await?;
    for (table, day) in &missing {
        let (name, next) = (name_of(table, *day), shifted(*day, 1.day())?);
        let (table, name) = (quoted(table), quoted(&name));
        // Made beside the table and attached: `PARTITION OF` would wait for whoever reads the table, as a backup does for hours,
        // and hold up everybody else meanwhile.
        transaction
            .batch(&format!(
                "CREATE TABLE {name} (LIKE {table} INCLUDING ALL);
                 ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{day}') TO ('{next}')"
            ))
            .await?;
    }
    transaction.commit().await?;
    Ok(missing.len())
}

/// Drops every partition of a family before `day`, each in a transaction of its own: a drop that waits holds up whoever
/// comes after it, so it waits shortly, and for one table only. Ends at the first that is in use for too long.
pub async fn drop_before(client: &mut Client, family: Family, day: Date) -> Result<Dropped, DbError> {
    let mut dropped = Dropped::default();
    let goes = |partition: &Partition| family.has(&partition.table) && partition.day < day;
    let old: Vec<_> = list(&*client).await?.into_iter().filter(goes).collect();
    for partition in old {
        match drop_one(client, &partition).await {
            Ok(()) => dropped.partitions.push(partition),
            Err(DbError::Unavailable { trouble: Trouble::Busy, why }) => {
                dropped.in_use = Some(format!("{} is in use: {why}", partition.name));
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(dropped)
}

async fn drop_one(client: &mut Client, partition: &Partition) -> Result<(), DbError> {
    let transaction = client.transaction().await?;
    transaction.execute(include_str!("../queries/partition/lock.sql"), &[&LOCK]).await?;
    transaction.batch("SET LOCAL lock_timeout = '2s'").await?;
    transaction.batch(&format!("DROP TABLE IF EXISTS {}", quoted(&partition.name))).await?;
    transaction.commit().await
}

/// The daily partitions of all history tables. Partitions with names of another shape are not ours and not listed.
pub async fn list(client: &impl Session) -> Result<Vec<Partition>, DbError> {
    let mut found = Vec::new();
    for row in client.query(include_str!("../queries/partition/list.sql"), &[]).await? {
        let (table, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let digits = name.strip_prefix(&table).and_then(|rest| rest.strip_prefix("_p"));
        if let Some(day) = digits.and_then(|digits| Date::strptime("%Y%m%d", digits).ok()) {
            found.push(Partition { table, name, day });
        }
    }
    Ok(found)
}

async fn missing(client: &impl Session, days: &[Date]) -> Result<Vec<(String, Date)>, DbError> {
    let present = list(client).await?;
    let mut missing = Vec::new();
    for row in client.query(include_str!("../queries/partition/list_tables.sql"), &[]).await? {
        let table: String = row.try_get(0)?;
        for day in days {
            let there = present.iter().any(|partition| partition.table == table && partition.day == *day);
            if !there && !missing.contains(&(table.clone(), *day)) {
                missing.push((table.clone(), *day));
            }
        }
    }
    Ok(missing)
}

fn name_of(table: &str, day: Date) -> String {
    format!("{table}_p{}", day.strftime("%Y%m%d"))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn shifted(day: Date, by: Span) -> Result<Date, DbError> {
    day.checked_add(by).map_err(|error| DbError::Config(format!("day {day}: {error}")))
}
