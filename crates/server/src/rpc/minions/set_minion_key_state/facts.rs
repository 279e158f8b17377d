//! What a decision about keys looks at: the clusters that are meant, their masters, and the keys each of them holds.

use std::collections::{BTreeSet, HashMap};

use raas_api::{MinionKeyState, Presence};
use raas_cluster::keys::{HeldKey, Known};
use raas_db::{
    Transaction, key_change,
    link::{self, Cell},
    master::{self, Master},
    minion_key::{self, Decided},
};

use crate::{Ctx, RpcError, link::presence, rpc::words};

/// The facts of one call.
pub(super) struct Facts {
    entities: HashMap<String, String>,
    masters: Vec<Master>,
    present: BTreeSet<String>,
    held: HashMap<(String, String), Vec<HeldKey>>,
    /// Keys that were accepted for their cluster before.
    accepted: HashMap<(String, String), HeldKey>,
    /// Masters that have not answered for an earlier change.
    unanswered: HashMap<(String, String), BTreeSet<String>>,
}

/// Reads them.
pub(super) async fn read(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    pairs: &[(String, String)],
) -> Result<Facts, RpcError> {
    let names: BTreeSet<&str> = pairs.iter().map(|pair| pair.0.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let entities: HashMap<String, String> = master::entities(tx, &names).await?.into_iter().collect();
    let wanted: BTreeSet<(&str, &str)> = pairs
        .iter()
        .filter_map(|(entity, minion_id)| Some((entities.get(entity)?.as_str(), minion_id.as_str())))
        .filter(|(_, minion_id)| !minion_id.contains('\0'))
        .collect();
    let mut held: HashMap<(String, String), Vec<HeldKey>> = HashMap::new();
    let wanted: Vec<(&str, &str)> = wanted.into_iter().collect();
    for cell in link::of_minions(tx, &wanted).await? {
        let keys = keys_of(&cell)?;
        held.entry((cell.cluster_id, cell.minion_id)).or_default().extend(keys);
    }
    let mut masters = master::list(tx).await?;
    masters.retain(Master::is_accepted);
    let is_present =
        |master: &&Master| presence::of_master(&ctx.state, master, ctx.now()).presence == Presence::Present;
    let present = masters.iter().filter(is_present).map(|master| master.master_id.clone()).collect();
    let accepted = minion_key::of_minions(tx, &wanted).await?.into_iter().filter_map(accepted).collect();
    let mut unanswered: HashMap<(String, String), BTreeSet<String>> = HashMap::new();
    for (cluster_id, minion_id, master_id) in key_change::unanswered(tx, &wanted).await? {
        unanswered.entry((cluster_id, minion_id)).or_default().insert(master_id);
    }
    Ok(Facts { entities, masters, present, held, accepted, unanswered })
}

fn accepted(decided: Decided) -> Option<((String, String), HeldKey)> {
    let key = HeldKey {
        master_id: "the cluster".to_owned(),
        state: MinionKeyState::Accepted,
        fingerprint: decided.fingerprint?,
        public_key: decided.public_key?,
    };
    (decided.desired == "accepted").then_some(((decided.cluster_id, decided.minion_id), key))
}

/// The key in its place, and the denied one beside it.
fn keys_of(cell: &Cell) -> Result<Vec<HeldKey>, RpcError> {
    let key = |state, (fingerprint, public_key): (String, String)| HeldKey {
        master_id: cell.master_id.clone(),
        state,
        fingerprint,
        public_key,
    };
    let state = words::read(&cell.key_state, MinionKeyState::from_word)?;
    let first = cell.fingerprint.clone().zip(cell.public_key.clone()).map(|pair| key(state, pair));
    let denied = cell.denied.clone().map(|pair| key(MinionKeyState::Denied, pair));
    Ok(first.into_iter().chain(denied).collect())
}

impl Facts {
    /// The cluster that a master's or cluster's name means.
    pub(super) fn cluster_of(&self, entity: &str) -> Option<&str> {
        self.entities.get(entity).map(String::as_str)
    }

    /// The accepted masters of a cluster.
    pub(super) fn masters(&self, cluster_id: Option<&str>) -> impl Iterator<Item = &Master> {
        self.masters.iter().filter(move |master| Some(master.cluster_id.as_str()) == cluster_id)
    }

    /// Whether a master is there now.
    pub(super) fn is_present(&self, master_id: &str) -> bool {
        self.present.contains(master_id)
    }

    /// Keys of a minion.
    pub(super) fn held(&self, cluster_id: &str, minion_id: &str) -> &[HeldKey] {
        self.held.get(&(cluster_id.to_owned(), minion_id.to_owned())).map(Vec::as_slice).unwrap_or_default()
    }

    /// What is known of it beside what masters hold.
    pub(super) fn known(&self, cluster_id: &str, minion_id: &str) -> Known<'_> {
        let key = (cluster_id.to_owned(), minion_id.to_owned());
        Known { accepted: self.accepted.get(&key), unanswered: self.unanswered.get(&key) }
    }
}
