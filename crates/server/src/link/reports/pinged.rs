//! `Pinged`: who answered a ping and who did not.
//!
//! Both count from the moment the ping was *sent*: a minion that moved to another master meanwhile is not drawn back
//! by an answer, and not called silent by a question it could no longer hear.

use std::collections::BTreeMap;

use jiff::Timestamp;
use raas_db::{Transaction, link, minion};
use raas_wire::{Evidence, Pinged, Report};

use super::kind::{Item, Kind, Source, Taken};
use super::minion_id;
use super::seen::Newest;

/// Answers to pings.
pub(super) struct Pings;

impl Kind for Pings {
    type Report = Pinged;

    fn of(report: &Report) -> Option<&Pinged> {
        if let Report::Pinged(pinged) = report { Some(pinged) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, Pinged>]) -> Taken {
        let mut newest = Newest::default();
        let mut silent: BTreeMap<&str, Timestamp> = BTreeMap::new();
        let mut refused = Vec::new();
        for item in items {
            let sent = source.corrected(item.report.sent_at, item.skew_ms);
            let all = item.report.answered.iter().chain(&item.report.silent);
            let bad: Vec<&str> = all.map(String::as_str).filter(|id| !minion_id::is_plain(id)).collect();
            if !bad.is_empty() {
                refused.push(minion_id::left_out(item.n, &bad));
            }
            for id in item.report.answered.iter().filter(|id| minion_id::is_plain(id)) {
                newest.add(id, Evidence::Ping, sent);
            }
            for id in item.report.silent.iter().filter(|id| minion_id::is_plain(id)) {
                let at = silent.entry(id).or_insert(sent);
                *at = sent.max(*at);
            }
        }
        newest.write(tx, source).await?;
        let silent: Vec<(&str, Timestamp)> = silent.into_iter().collect();
        if minion::silent(tx, source.teller(), &silent).await? > 0 {
            source.changed(tx, "minions").await?;
        }
        let closed: Vec<_> =
            items.iter().filter_map(|item| Some((item.report.delivery_id?, String::new()))).collect();
        link::answered(tx, (source.master.master_uuid, "ping"), &closed, source.now).await?;
        Ok(refused)
    }
}
