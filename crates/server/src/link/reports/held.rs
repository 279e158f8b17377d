//! The commands and deliveries that records speak of: held for the transaction, and only those this master may speak of.

use std::collections::{BTreeMap, BTreeSet};

use raas_api::Jid;
use raas_db::{
    DbError, Session, Transaction,
    command::{self, Locked},
    delivery::{self, Delivery},
};
use uuid::Uuid;

use super::{
    asked::Answers,
    batch::Batch,
    handed_back::HandBacks,
    job::Jobs,
    kind::Source,
    published::Publications,
    ran::{Runs, Starts},
    returns::Returns,
};

/// Commands whose rows the transaction holds, by jid.
#[derive(Debug, Default)]
pub(super) struct Held(BTreeMap<String, Locked>);

impl Held {
    /// Takes hold of commands, in the order of their jids. Unknown ones are left out.
    pub(super) async fn take(tx: &Transaction<'_>, jids: BTreeSet<&str>) -> Result<Self, DbError> {
        let jids: Vec<String> = jids.into_iter().map(str::to_owned).collect();
        if jids.is_empty() {
            return Ok(Self::default());
        }
        let locked = command::lock(tx, &jids).await?;
        Ok(Self(locked.into_iter().map(|command| (command.jid.clone(), command)).collect()))
    }

    /// The command, when this master's cluster has to do with it.
    pub(super) fn of(&self, source: &Source<'_>, jid: &str) -> Result<&Locked, String> {
        let command = self.0.get(jid).ok_or_else(|| format!("there is no command with jid {jid:?}"))?;
        let cluster = &source.master.cluster_id;
        if command.clusters.contains(cluster) {
            Ok(command)
        } else {
            Err(format!("jid {jid} was not sent to cluster {cluster:?}, which this master belongs to"))
        }
    }

    /// Whether a job has to be made known first: nobody has heard of it, or not in this cluster.
    pub(super) fn is_new(&self, source: &Source<'_>, jid: &str) -> bool {
        self.0.get(jid).is_none_or(|c| c.source == "salt" && !c.clusters.contains(&source.master.cluster_id))
    }
}

/// Takes hold of every command that a batch speaks of, at once and in order: kind by kind, two batches could wait for
/// each other in a circle.
pub(super) async fn hold_all(
    tx: &Transaction<'_>,
    source: &Source<'_>,
    batch: &Batch,
) -> Result<(), DbError> {
    let jids = jids(tx, source, batch).await?;
    Held::take(tx, jids.iter().map(String::as_str).collect()).await.map(drop)
}

/// The jids that a batch speaks of.
pub(super) async fn jids(
    session: &impl Session,
    source: &Source<'_>,
    batch: &Batch,
) -> Result<BTreeSet<String>, DbError> {
    let (starts, back) = (batch.items::<Starts>(source), batch.items::<HandBacks>(source));
    let runs = batch.items::<Runs>(source);
    let ids = starts.iter().map(|i| i.report.delivery_id).chain(back.iter().map(|i| i.report.delivery_id));
    let ids = ids.chain(runs.iter().map(|i| i.report.delivery_id));
    let deliveries = Deliveries::get(session, ids).await?;
    let mut jids = deliveries.jids();
    let publications = batch.items::<Publications>(source);
    let (jobs, returns) = (batch.items::<Jobs>(source), batch.items::<Returns>(source));
    let answers = batch.items::<Answers>(source);
    jids.extend(publications.iter().map(|i| i.report.jid.as_str()));
    jids.extend(jobs.iter().map(|i| i.report.jid.as_str()));
    jids.extend(returns.iter().map(|i| i.report.jid.as_str()));
    jids.extend(answers.iter().map(|i| i.report.jid.as_str()));
    Ok(jids.into_iter().filter(|jid| is_jid(jid)).map(str::to_owned).collect())
}

/// Whether it can be a jid at all.
pub(super) fn is_jid(jid: &str) -> bool {
    jid.parse::<Jid>().is_ok()
}

/// Deliveries by id.
#[derive(Debug)]
pub(super) struct Deliveries(BTreeMap<Uuid, Delivery>);

impl Deliveries {
    /// Reads them.
    pub(super) async fn get(
        session: &impl Session,
        ids: impl Iterator<Item = Uuid>,
    ) -> Result<Self, DbError> {
        let ids: Vec<Uuid> = ids.collect();
        if ids.is_empty() {
            return Ok(Self(BTreeMap::new()));
        }
        let found = delivery::get(session, &ids).await?;
        Ok(Self(found.into_iter().map(|delivery| (delivery.delivery_id, delivery)).collect()))
    }

    /// The delivery, when it is this master's and of one of these kinds of work.
    pub(super) fn of(&self, source: &Source<'_>, id: Uuid, works: &[&str]) -> Result<&Delivery, String> {
        let mine = self.0.get(&id).filter(|delivery| delivery.master_uuid == source.master.master_uuid);
        let delivery = mine.ok_or_else(|| format!("delivery {id} was not given to this master"))?;
        if works.contains(&delivery.work.as_str()) {
            Ok(delivery)
        } else {
            Err(format!("delivery {id} is a {:?}, which this report is not about", delivery.work))
        }
    }

    /// The jids they belong to.
    pub(super) fn jids(&self) -> BTreeSet<&str> {
        self.0.values().filter_map(|delivery| delivery.jid.as_deref()).collect()
    }
}
