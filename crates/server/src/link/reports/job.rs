//! `Job`: somebody else published it (Salt's CLI, a reactor). It is shown beside ours, marked `salt`.

use std::collections::{BTreeMap, BTreeSet};

use raas_db::{
    Transaction,
    command::SeenJob,
    outcome::{self, Deliver},
};
use raas_wire::{JobSeen, Report};
use serde_json::json;

use super::{
    held::{Held, is_jid},
    kind::{Item, Kind, Refused, Source, Taken},
    minion_id, returns,
};
use crate::{
    job::{self, after_ms},
    ledger::{self, touched},
    text::{clean, shallow},
};

/// Salt's own question about jobs: its answers come or do not, nobody is asked about it.
const FIND_JOB: &str = "saltutil.find_job";

/// Jobs of others.
pub(super) struct Jobs;

impl Kind for Jobs {
    type Report = JobSeen;

    fn of(report: &Report) -> Option<&JobSeen> {
        if let Report::Job(one) = report { Some(one) } else { None }
    }

    async fn take(tx: &Transaction<'_>, source: &Source<'_>, items: &[Item<'_, JobSeen>]) -> Taken {
        let (sound, bad): (Vec<&Item<'_, JobSeen>>, Vec<&Item<'_, JobSeen>>) =
            items.iter().partition(|item| is_jid(&item.report.jid));
        let mut refused: Vec<Refused> = bad
            .into_iter()
            .map(|item| Refused {
                n: item.n,
                reason: format!("{:?} is not a jid of 20 digits", item.report.jid),
            })
            .collect();
        let jobs: BTreeMap<&str, SeenJob> =
            sound.iter().map(|item| (item.report.jid.as_str(), seen(item.report))).collect();
        if jobs.is_empty() {
            return Ok(refused);
        }
        let jids: BTreeSet<&str> = jobs.keys().copied().collect();
        // Held first, as everywhere: two batches never wait for each other in a circle.
        Held::take(tx, jids.clone()).await?;
        returns::see(tx, source, &jobs.into_values().collect::<Vec<_>>()).await?;
        let held = Held::take(tx, jids.clone()).await?;
        let mut named = BTreeMap::new();
        for item in sound {
            match held.of(source, &item.report.jid) {
                Ok(command) if command.source == "salt" && command.fun != FIND_JOB => {
                    for id in item.report.minions.iter().filter(|id| minion_id::is_plain(id)) {
                        let deadline = after_ms(source.now, command.timeout_ms);
                        let (day, jid) = (command.day, command.jid.clone());
                        let deliver = Deliver { day, jid: jid.clone(), minion_id: id.clone(), deadline };
                        named.insert((jid, id.clone()), deliver);
                    }
                }
                Ok(_) => {}
                Err(reason) => refused.push(Refused { n: item.n, reason }),
            }
        }
        let named: Vec<Deliver> = named.into_values().collect();
        let (master, now) = (source.master, source.now);
        let reason = format!("published on master {:?} by somebody else", master.master_id);
        let mut deltas =
            outcome::deliver(tx, &master.cluster_id, master.master_uuid, &reason, now, &named).await?;
        deltas.extend(jids.into_iter().map(touched));
        ledger::settle(tx, now, &deltas).await?;
        Ok(refused)
    }
}

fn seen(one: &JobSeen) -> SeenJob {
    let arg = job::from_salt_args(&one.arg.value());
    SeenJob {
        jid: one.jid.clone(),
        fun: clean(&one.fun),
        is_highstate: job::is_highstate_of(&one.fun, &arg),
        arg: shallow(&arg.to_string()),
        tgt: shallow(&json!({"tgt": one.tgt.value(), "tgt_type": one.tgt_type}).to_string()),
        user_name: clean(&one.user),
    }
}
