//! A publish that certainly did not happen is planned anew. A minion gets a jid again only when no master that may have
//! held the job for it can have published it.

use std::collections::BTreeMap;

use raas_cluster::routing::{LocalRequest, MinionLinks, PlannedDelivery, PlannedTarget, plan_local};
use raas_db::{
    DbError, Transaction,
    command::Locked,
    delivery::{Delivery, NewDelivery},
    outcome::{self, Change},
};
use raas_wire::{ClusterKind, Publish, Work};
use uuid::Uuid;

use super::{
    deliveries::REASONS,
    reach::{Given, may_be_given},
    round::Round,
    sending::{named, send, why},
};
use crate::{
    job::{GRACE, after},
    routing::{self, Known},
};

/// Plans the publishes among `back` (just taken back) anew. `given`: all deliveries of the job, as they stand now.
pub(super) async fn publishes(
    round: &Round<'_>,
    tx: &Transaction<'_>,
    command: &Locked,
    given: &[Given],
    back: &[Delivery],
) -> Result<(), DbError> {
    let mut clusters: BTreeMap<&str, Vec<&Given>> = BTreeMap::new();
    for one in back.iter().filter(|d| d.work == "publish" && d.state == "handed_back") {
        let read = given.iter().find(|g| g.row.delivery_id == one.delivery_id);
        clusters.entry(&one.cluster_id).or_default().extend(read);
    }
    for (cluster_id, back) in clusters {
        let names = [cluster_id.to_owned()];
        let known = routing::clusters(tx, Some(&names), false, round.now, round.expiry).await?;
        let known = known.into_iter().find(|k| k.facts.cluster_id == cluster_id);
        match known.filter(|_| !command.ended && command.stopped_by.is_none()) {
            Some(known) => Anew { round, tx, command, given, known }.plan(&back).await?,
            None => never_sent(round, tx, command, &back).await?,
        }
    }
    Ok(())
}

/// Too late to plan anything: but whoever was given up because the job may have run is now known not to have got it.
async fn never_sent(
    round: &Round<'_>,
    tx: &Transaction<'_>,
    command: &Locked,
    back: &[&Given],
) -> Result<(), DbError> {
    let Some(one) = back.first() else { return Ok(()) };
    let reason = format!("no master published it: {}", why(round, &one.row));
    let key = (command.day, one.row.cluster_id.as_str(), command.jid.as_str());
    outcome::never_sent(tx, key, &reason, round.now).await.map(drop)
}

struct Anew<'a> {
    round: &'a Round<'a>,
    tx: &'a Transaction<'a>,
    command: &'a Locked,
    given: &'a [Given],
    known: Known,
}

impl Anew<'_> {
    async fn plan(mut self, back: &[&Given]) -> Result<(), DbError> {
        for master in &mut self.known.facts.masters {
            master.live &= may_be_given(self.given, "publish", master.master_uuid);
        }
        if !self.known.facts.masters.iter().any(|m| m.live) {
            return Ok(());
        }
        self.prefer_untried();
        let mut todo = self.waiting(back).await?;
        // Expressions first: what one covers needs no list beside it.
        let mut groups: BTreeMap<(bool, String), Vec<(&Given, Publish)>> = BTreeMap::new();
        for one in back {
            if let Ok(Work::Publish(publish)) = serde_json::from_str::<Work>(&one.row.payload) {
                let key =
                    (publish.tgt_type == "list", format!("{} {}", publish.tgt_type, publish.tgt.as_str()));
                groups.entry(key).or_default().push((one, publish));
            }
        }
        let links = routing::minions(self.tx, &self.known, &todo, self.round.now, self.round.expiry).await?;
        for group in groups.into_values() {
            let Some((first, publish)) = group.first() else { continue };
            let (mine, rest): (Vec<String>, Vec<String>) = todo.into_iter().partition(|id| first.covers(id));
            todo = rest;
            let minions = mine.into_iter().map(|minion_id| {
                links.get(&minion_id).cloned().unwrap_or(MinionLinks { minion_id, links: Vec::new() })
            });
            self.group(&first.row, publish, minions.collect(), group.len()).await?;
        }
        Ok(())
    }

    /// Where one master is as good as another, it is another's turn. In a failover cluster each minion hears one only.
    fn prefer_untried(&mut self) {
        // A second copy that was not fetched within its few seconds was no try.
        let was_tried = |g: &Given| !(g.is_handed_back() && g.row.reason == REASONS.0);
        let tried = |master: Uuid| {
            let mut of_it =
                self.given.iter().filter(|g| g.row.master_uuid == master && g.row.work == "publish");
            of_it.any(was_tried)
        };
        let masters = &mut self.known.facts.masters;
        if self.known.facts.kind != ClusterKind::Failover
            && masters.iter().any(|m| m.live && !tried(m.master_uuid))
        {
            for master in masters.iter_mut() {
                master.live &= !tried(master.master_uuid);
            }
        }
    }

    /// Minions that wait for one of `back`, and that no other delivery can reach or have reached.
    async fn waiting(&self, back: &[&Given]) -> Result<Vec<String>, DbError> {
        let (command, cluster) = (self.command, &self.known.facts.cluster_id);
        let open = outcome::open(self.tx, command.day, cluster, &command.jid, None).await?;
        let others = || {
            let of_cluster = self.given.iter().filter(|g| g.is("publish", cluster));
            // A master that published and did not name a minion did not publish to it.
            of_cluster.filter(|g| g.may_reach() && g.row.state != "published")
        };
        let waits = |id: &str| back.iter().any(|g| g.covers(id)) && !others().any(|g| g.covers(id));
        Ok(open
            .into_iter()
            .filter(|row| row.state == "queued" && waits(&row.minion_id))
            .map(|row| row.minion_id)
            .collect())
    }

    /// Plans one target anew: as it was when nobody published anything, else as a list of those who certainly wait.
    async fn group(
        &self,
        back: &Delivery,
        publish: &Publish,
        minions: Vec<MinionLinks>,
        expressions: usize,
    ) -> Result<(), DbError> {
        let cluster = &self.known.facts.cluster_id;
        let heard = self.given.iter().any(|g| g.is("publish", cluster) && g.may_reach());
        let as_list = heard || publish.tgt_type == "list";
        if minions.is_empty() && (as_list || self.command.expected > 0) {
            return Ok(()); // nobody waits for it
        }
        let request = LocalRequest {
            // Several masters had the expression, because the server could not tell whom it means.
            resolved: as_list || (expressions == 1 && !minions.is_empty()),
            minions,
            as_list,
            only_masters: named(&self.command.tgt, &self.known, Some(publish)),
            second_copies: self.round.state.config.jobs.second_copy_s > 0,
        };
        let plan = plan_local(&self.known.facts, &request);
        let deliveries: Vec<NewDelivery> =
            plan.deliveries.iter().map(|planned| self.delivery(back, publish, planned)).collect();
        if deliveries.is_empty() {
            return Ok(());
        }
        let reason = format!("planned anew: {}", self.why(back));
        let expected: Vec<Change> = plan
            .outcomes
            .iter()
            .map(|planned| Change {
                day: self.command.day,
                cluster_id: cluster.clone(),
                jid: self.command.jid.clone(),
                minion_id: planned.minion_id.clone(),
                state: "queued",
                reason: reason.clone(),
                deadline: Some(after(self.until(), GRACE)),
                asked: 0,
                unheld_since: None,
            })
            .collect();
        outcome::change(self.tx, self.round.now, &expected).await?;
        send(self.round, self.tx, self.command, &deliveries, vec![reason]).await
    }

    fn until(&self) -> jiff::Timestamp {
        after(self.round.now, self.round.times.publish)
    }

    fn second_until(&self) -> jiff::Timestamp {
        after(self.round.now, self.round.times.second_copy)
    }

    fn why(&self, back: &Delivery) -> String {
        why(self.round, back)
    }

    fn delivery(&self, back: &Delivery, publish: &Publish, planned: &PlannedDelivery) -> NewDelivery {
        let delivery_id = self.round.state.random.uuid();
        let mut publish = Publish { delivery_id, ..publish.clone() };
        if let PlannedTarget::List(ids) = &planned.target {
            publish.tgt = serde_json::json!(ids).into();
            "list".clone_into(&mut publish.tgt_type);
        }
        NewDelivery {
            delivery_id,
            jid: back.jid.clone(),
            day: back.day,
            cluster_id: back.cluster_id.clone(),
            master_uuid: planned.master_uuid,
            work: "publish",
            payload: serde_json::to_string(&Work::Publish(publish)).unwrap_or_default(),
            publish_before: if planned.second { self.second_until() } else { self.until() },
        }
    }
}
