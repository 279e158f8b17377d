//! Table `ret`: the deciding returns, and how a batch of returns is taken in.

mod again;
mod first;
mod last;
mod search;

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

pub use last::{Last, last};
pub use search::{Found, Search, SortBy, count, search, value};

use crate::{DbError, Session, body::Body, command::Delta, outcome};

/// A return about to be stored.
#[derive(Clone, Debug)]
pub struct NewReturn<'a> {
    /// Day of the jid.
    pub day: Date,
    /// Jid.
    pub jid: &'a str,
    /// Minion.
    pub minion_id: &'a str,
    /// Function.
    pub fun: String,
    /// Arguments as JSON.
    pub fun_args: String,
    /// As Salt says.
    pub success: bool,
    /// Return code.
    pub retcode: i64,
    /// Time of the event, corrected for skew.
    pub stamp: Timestamp,
    /// The value.
    pub body: &'a Body,
    /// The other fields of the event, as JSON.
    pub extra: Option<String>,
    /// bus, job_cache, asked.
    pub source: &'static str,
    /// Salt cut the value.
    pub trimmed: bool,
    /// The job was asked for here: a minion that has no outcome yet is one that the plan did not expect.
    pub planned: bool,
}

impl NewReturn<'_> {
    /// What there is one deciding return of.
    fn key(&self) -> (Date, &str, &str) {
        (self.day, self.jid, self.minion_id)
    }
}

/// Who reports returns.
#[derive(Clone, Copy, Debug)]
pub struct Reporter<'a> {
    /// Its cluster.
    pub cluster_id: &'a str,
    /// The master.
    pub master_uuid: Uuid,
}

/// Takes in returns that one master saw: bodies, deciding returns, witnesses, outcomes. Repeats change nothing.
/// The caller holds the rows of their commands, and passes the deltas on to `command::settle`. So nobody else decides an
/// outcome of theirs meanwhile: the first returns, which nearly all are, are copied without a look at each one's key.
pub async fn store(
    client: &impl Session,
    from: Reporter<'_>,
    now: Timestamp,
    returns: &[NewReturn<'_>],
) -> Result<Vec<Delta>, DbError> {
    let mut by_day = BTreeMap::<Date, Vec<&NewReturn<'_>>>::new();
    for one in returns {
        by_day.entry(one.day).or_default().push(one);
    }
    let mut deltas = Vec::new();
    for (day, returns) in by_day {
        let (deciding, mut others) = deciding(&returns);
        let decided = outcome::decided(client, day, from, now, &deciding).await?;
        let mut first = Vec::with_capacity(deciding.len());
        for (one, delta) in deciding.into_iter().zip(decided) {
            match delta {
                Some(delta) => {
                    first.push(one);
                    deltas.push(delta);
                }
                None => others.push(one),
            }
        }
        first::store(client, day, from, now, &first).await?;
        deltas.extend(again::store(client, day, from, now, &others).await?);
    }
    Ok(deltas)
}

/// The first return of each (jid, minion), a whole one before one that Salt cut, in the order of their keys; and the rest.
fn deciding<'a, 'b>(returns: &[&'a NewReturn<'b>]) -> (Vec<&'a NewReturn<'b>>, Vec<&'a NewReturn<'b>>) {
    let mut first = BTreeMap::<(Date, &str, &str), &NewReturn<'b>>::new();
    let mut others = Vec::new();
    for &new in returns {
        match first.get_mut(&new.key()) {
            None => drop(first.insert(new.key(), new)),
            Some(known) if known.trimmed && !new.trimmed => others.push(std::mem::replace(known, new)),
            Some(_) => others.push(new),
        }
    }
    (first.into_values().collect(), others)
}
