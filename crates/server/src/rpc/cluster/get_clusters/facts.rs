//! What is known of clusters: accepted masters with their presence, keys that wait beside them, gaps, dead letters. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use raas_api::MasterKeyState;
use raas_cluster::presence::Verdict;
use raas_db::{
    Client, cluster, dead_letter,
    gap::{self, Gap},
    master::{self, Master},
    master_key::{self, MasterKey, Search},
};
use raas_wire::ClusterKind;

use crate::{
    Ctx, RpcError,
    link::presence,
    rpc::master::{gaps_from, pending_from},
};

/// Everything that was read.
pub(super) struct All {
    pub(super) masters: Vec<Master>,
    verdicts: Vec<Verdict>,
    clusters: Vec<(String, ClusterKind)>,
    keys: Vec<MasterKey>,
    gaps: Vec<Gap>,
    letters: Vec<dead_letter::OfMaster>,
}

/// A master that was accepted once, and whether it is there.
pub(super) struct Judged<'a> {
    pub(super) master: &'a Master,
    pub(super) verdict: &'a Verdict,
}

/// One cluster.
pub(super) struct Facts<'a> {
    pub(super) cluster_id: &'a str,
    pub(super) kind: ClusterKind,
    pub(super) masters: Vec<Judged<'a>>,
    /// Keys of masters that are none yet: pending, or refused and still calling.
    pub(super) waiting: Vec<&'a MasterKey>,
    /// Other keys that are offered for accepted masters.
    pub(super) second: Vec<&'a MasterKey>,
    pub(super) gaps: Vec<&'a Gap>,
    pub(super) letters: Vec<&'a dead_letter::OfMaster>,
}

/// Reads it.
pub(super) async fn read(ctx: &Ctx, client: &Client) -> Result<All, RpcError> {
    let now = ctx.now();
    let calling_from = pending_from(&ctx.state, now);
    let search = Search {
        state: None,
        master_id: None,
        not_before: calling_from,
        sort_by: "master_id",
        reverse: false,
    };
    let masters = master::list(client).await?;
    let mut keys = master_key::search(client, &search).await?;
    keys.retain(|key| key.state != MasterKeyState::Accepted && key.last_seen_at >= calling_from);
    Ok(All {
        verdicts: masters.iter().map(|one| presence::of_master(&ctx.state, one, now)).collect(),
        masters,
        clusters: cluster::page(client, (None, None), (-1, 0)).await?.1,
        keys,
        gaps: gap::recent(client, gaps_from(now)).await?,
        letters: dead_letter::of_masters(client).await?,
    })
}

impl All {
    /// By cluster id. A cluster that no accepted master made yet is there, too, when a pending one declares it.
    pub(super) fn clusters(&self) -> Vec<Facts<'_>> {
        let mut all: BTreeMap<&str, Facts<'_>> =
            self.clusters.iter().map(|(id, kind)| (id.as_str(), Facts::new(id, *kind))).collect();
        for (master, verdict) in self.masters.iter().zip(&self.verdicts) {
            if let Some(facts) = all.get_mut(master.cluster_id.as_str()) {
                facts.masters.push(Judged { master, verdict });
                facts.gaps.extend(self.gaps.iter().filter(|gap| gap.master_uuid == master.master_uuid));
                facts.letters.extend(self.letters.iter().filter(|one| one.master_uuid == master.master_uuid));
            }
        }
        let mut seen = BTreeSet::new();
        for key in &self.keys {
            self.place(&mut all, key, seen.insert(key.master_id.as_str()));
        }
        all.into_values().collect()
    }

    /// Of the keys of one master the newest comes first.
    fn place<'a>(&'a self, all: &mut BTreeMap<&'a str, Facts<'a>>, key: &'a MasterKey, newest: bool) {
        let pending = key.state == MasterKeyState::Pending;
        match self.masters.iter().find(|master| master.master_id == key.master_id) {
            Some(master) if pending && master.fingerprint != key.fingerprint => {
                if let Some(facts) = all.get_mut(master.cluster_id.as_str()) {
                    facts.second.push(key);
                }
            }
            None if newest => {
                let facts = match all.get_mut(key.cluster()) {
                    Some(facts) => facts,
                    None if pending => {
                        all.entry(key.cluster()).or_insert_with(|| Facts::new(key.cluster(), key.kind))
                    }
                    None => return,
                };
                facts.waiting.push(key);
            }
            _ => {}
        }
    }
}

impl<'a> Facts<'a> {
    fn new(cluster_id: &'a str, kind: ClusterKind) -> Self {
        Self {
            cluster_id,
            kind,
            masters: Vec::new(),
            waiting: Vec::new(),
            second: Vec::new(),
            gaps: Vec::new(),
            letters: Vec::new(),
        }
    }
}
