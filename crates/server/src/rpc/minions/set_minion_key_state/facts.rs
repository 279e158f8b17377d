//! What a decision about keys looks at: the clusters that are meant, their masters, and the keys each of them holds.

use std::collections::{BTreeSet, HashMap};

use raas_api::{MinionKeyState, Presence};
use raas_cluster::keys::HeldKey;
use raas_db::{
    Transaction,
    link::{self, Cell},
    master::{self, Master},
};

use crate::{Ctx, RpcError, link::presence, rpc::words};

/// The facts of one call.
pub(super) struct Facts {
    entities: HashMap<String, String>,
    masters: Vec<Master>,
    present: BTreeSet<String>,
    held: HashMap<(String, String), Vec<HeldKey>>,
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
    for cell in link::of_minions(tx, &wanted.into_iter().collect::<Vec<_>>()).await? {
        let keys = keys_of(&cell)?;
        held.entry((cell.cluster_id, cell.minion_id)).or_default().extend(keys);
    }
    let mut masters = master::list(tx).await?;
    masters.retain(Master::is_accepted);
    let is_present =
        |master: &&Master| presence::of_master(&ctx.state, master, ctx.now()).presence == Presence::Present;
    let present = masters.iter().filter(is_present).map(|master| master.master_id.clone()).collect();
    Ok(Facts { entities, masters, present, held })
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
}
