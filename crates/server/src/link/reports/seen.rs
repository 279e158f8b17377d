//! `Seen`: signs of life. Only the newest of each minion counts, by the time of the event.

use std::collections::BTreeMap;

use raas_db::minion::{self, Sign};
use raas_db::{DbError, Transaction};
use raas_wire::{Evidence, Report, Seen};

use super::kind::{Item, Kind, Refused, Source, Taken};
use super::minion_id;

/// Signs of life.
pub(super) struct Signs;

impl Kind for Signs {
    type Report = Vec<Seen>;

    fn of(report: &Report) -> Option<&Vec<Seen>> {
        if let Report::Seen(seen) = report { Some(seen) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, Vec<Seen>>]) -> Taken {
        let mut newest = Newest::default();
        let mut refused = Vec::new();
        for item in items {
            let (good, bad): (Vec<&Seen>, Vec<&Seen>) =
                item.report.iter().partition(|seen| minion_id::is_plain(&seen.minion_id));
            refused.extend(bad_ids(item.n, &bad));
            for seen in good {
                newest.add(&seen.minion_id, seen.evidence, source.corrected(seen.at, item.skew_ms));
            }
        }
        newest.write(tx, source).await?;
        Ok(refused)
    }
}

fn bad_ids(n: u64, bad: &[&Seen]) -> Option<Refused> {
    let ids: Vec<&str> = bad.iter().map(|seen| seen.minion_id.as_str()).collect();
    (!ids.is_empty()).then(|| minion_id::left_out(n, &ids))
}

/// The newest sign of each minion.
#[derive(Default)]
pub(super) struct Newest<'a> {
    signs: BTreeMap<&'a str, (jiff::Timestamp, Evidence)>,
    /// When minions attached themselves to this master.
    attached: BTreeMap<&'a str, jiff::Timestamp>,
    /// Minions that proved more than that an event carries their name.
    proven: std::collections::BTreeSet<&'a str>,
}

impl<'a> Newest<'a> {
    /// Adds a sign, at a corrected time.
    pub(super) fn add(&mut self, minion_id: &'a str, evidence: Evidence, at: jiff::Timestamp) {
        if evidence != Evidence::Event {
            self.proven.insert(minion_id);
        }
        if matches!(evidence, Evidence::Start | Evidence::Auth) {
            let attached = self.attached.entry(minion_id).or_insert(at);
            *attached = at.max(*attached);
        }
        let sign = self.signs.entry(minion_id).or_insert((at, evidence));
        if sign.0 < at {
            *sign = (at, evidence);
        }
    }

    /// Writes them. An event alone makes no new minion: its id is what some minion chose to say.
    pub(super) async fn write(self, tx: &Transaction<'_>, source: &Source<'_>) -> Result<(), DbError> {
        if self.signs.is_empty() {
            return Ok(());
        }
        let proven: Vec<&str> = self.proven.into_iter().collect();
        minion::make(tx, &source.master.cluster_id, &proven, source.now).await?;
        let signs: Vec<Sign<'_>> = self
            .signs
            .into_iter()
            .map(|(minion_id, (at, evidence))| Sign {
                minion_id,
                evidence: evidence.as_str(),
                at,
                attached_at: self.attached.get(minion_id).copied(),
            })
            .collect();
        let news = minion::seen(tx, source.teller(), &signs, source.fresh_from()).await?;
        if news > 0 { source.changed(tx, "minions").await } else { Ok(()) }
    }
}
