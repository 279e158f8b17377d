//! Dead letters tried again: they take the way of an ordinary report of their master, so that what this server has
//! learnt to read since is taken, and what it took before changes nothing.

use std::collections::BTreeMap;

use raas_db::{
    DbError, Transaction,
    dead_letter::{self, Held, Limits, Which},
    master::{self, Master},
};
use raas_wire::Json;

use super::{ATTEMPTS, Batch, BatchError, Source, make_days, write};
use crate::Ctx;

/// Letters of one transaction.
const AT_ONCE: Limits = Limits { letters: 200, bytes: 8 << 20 };

/// Before the first letter.
pub(crate) const FIRST: i64 = 0;

/// What came of some letters.
#[derive(Debug, Default)]
pub(crate) struct Again {
    /// The last one that was looked at.
    pub(crate) through: i64,
    /// How many were taken.
    pub(crate) taken: u64,
    /// Letters that were refused again, each with the new reason.
    pub(crate) failed: Vec<(i64, String)>,
}

/// Tries the next letters after `after`, up to `last`, in a transaction of their own; that of the first also says who does
/// so. None: there are no more.
pub(crate) async fn again(
    ctx: &Ctx,
    which: Which<'_>,
    (after, last): (i64, i64),
) -> Result<Option<Again>, DbError> {
    let mut attempt = 1;
    loop {
        match once(ctx, which, (after, last)).await {
            Err(error) if error.is_repeatable() && attempt < ATTEMPTS => attempt += 1,
            other => return other,
        }
    }
}

async fn once(ctx: &Ctx, which: Which<'_>, (after, last): (i64, i64)) -> Result<Option<Again>, DbError> {
    let (state, now) = (&ctx.state, ctx.now());
    let mut client = state.db.client().await?;
    let mut tx = client.transaction().await?;
    let letters = of_one_master(dead_letter::hold(&tx, which, (after, last), AT_ONCE).await?);
    let Some(first) = letters.first() else { return Ok(None) };
    let (master_uuid, clock_skew_ms) = (first.master_uuid, first.clock_skew_ms);
    let ids: Vec<i64> = letters.iter().map(|letter| letter.dead_letter_id).collect();
    let mut refused = match master::get(&tx, master_uuid).await? {
        None => all(&ids, "its master was forgotten"),
        Some(master) if !master.is_accepted() => {
            all(&ids, &format!("the key of master {:?} is {}", master.master_id, master.key_state.as_str()))
        }
        Some(master) => {
            let master = Master { clock_skew_ms, ..master };
            let source = Source { state, master: &master, now, again: true };
            take(&mut tx, &source, letters).await?
        }
    };
    let taken: Vec<i64> = ids.iter().copied().filter(|id| !refused.contains_key(id)).collect();
    let failed: Vec<(i64, String)> = std::mem::take(&mut refused).into_iter().collect();
    dead_letter::taken(&tx, &taken).await?;
    dead_letter::failed(&tx, now, &failed).await?;
    if after == FIRST {
        ctx.audit(&tx).await?;
    }
    tx.commit().await?;
    let through = ids.last().copied().unwrap_or(last);
    Ok(Some(Again { through, taken: u64::try_from(taken.len()).unwrap_or(u64::MAX), failed }))
}

/// The first letters that are one master's, with one skew: they make one batch.
fn of_one_master(letters: Vec<Held>) -> Vec<Held> {
    let of = |letter: &Held| (letter.master_uuid, letter.clock_skew_ms);
    let first = letters.first().map(of);
    letters.into_iter().take_while(|letter| Some(of(letter)) == first).collect()
}

fn all(ids: &[i64], reason: &str) -> BTreeMap<i64, String> {
    ids.iter().map(|id| (*id, reason.to_owned())).collect()
}

/// Takes letters as one batch; the reasons of those that are refused, by letter. Inside, a record's number is the letter's.
async fn take(
    tx: &mut Transaction<'_>,
    source: &Source<'_>,
    letters: Vec<Held>,
) -> Result<BTreeMap<i64, String>, DbError> {
    let read = tokio::task::spawn_blocking(move || unpacked(&letters)).await;
    let Ok((Ok(batch), mut refused)) = read else {
        return Err(DbError::unavailable("the dead letters could not be unpacked"));
    };
    // Its day may have been dropped since; this transaction has not touched history yet.
    make_days(source, &batch).await?;
    for one in write(tx, source, &batch).await? {
        let id = i64::try_from(one.n).unwrap_or(i64::MAX);
        refused.entry(id).or_insert_with(|| one.reason.replace('\0', ""));
    }
    Ok(refused)
}

/// The letters that can be read as a batch, and the others with the reason.
fn unpacked(letters: &[Held]) -> (Result<Batch, BatchError>, BTreeMap<i64, String>) {
    let (mut texts, mut broken) = (Vec::with_capacity(letters.len()), BTreeMap::new());
    for letter in letters {
        match (text(&letter.record), u64::try_from(letter.dead_letter_id)) {
            (Ok(text), Ok(n)) => texts.push((n, text)),
            (Err(why), _) => drop(broken.insert(letter.dead_letter_id, why)),
            (_, Err(error)) => drop(broken.insert(letter.dead_letter_id, error.to_string())),
        }
    }
    (Batch::again(&texts), broken)
}

/// A letter's record as it was sent.
pub(crate) fn text(record: &[u8]) -> Result<Json, String> {
    let broken = |why: &dyn std::fmt::Display| format!("what was kept of it cannot be read: {why}");
    let plain = raas_db::body::unpack(record).map_err(|error| broken(&error))?;
    let plain = String::from_utf8(plain).map_err(|error| broken(&error))?;
    Json::from_text(plain).map_err(|error| broken(&error))
}
