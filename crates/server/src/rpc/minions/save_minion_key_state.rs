//! `minions.save_minion_key_state`: key lists told by a program that acts for a master. They hold no keys, so that only
//! the states of keys that the master told before can follow.

use std::collections::{BTreeMap, BTreeSet};

use raas_api::{
    MinionKeyState, Permission,
    minions::{KeyStateLists, SaveMinionKeyState, SaveMinionKeyStateParams, SavedKeyState},
};
use raas_db::{
    cluster,
    link::{self, Key, Told},
    minion,
};

use super::told;
use crate::{Change, Ctx, RpcError, ledger, rpc::Handle, scope};

impl Handle for SaveMinionKeyState {
    async fn handle(ctx: &Ctx, params: SaveMinionKeyStateParams) -> Result<SavedKeyState, RpcError> {
        scope::unlimited(ctx, Permission::MasterWrite, "tell keys for a master")?;
        let states = states(&params.keys)?;
        let now = ctx.now();
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let master = told::master(&tx, &params.master_id).await?;
        let told = link::told(&tx, told::by(&master)).await?;
        let keys: Vec<Key<'_>> =
            told.iter().filter_map(|one| Some(key(one, *states.get(one.minion_id.as_str())?))).collect();
        let replaced = link::replace_keys(&tx, told::by(&master), &keys, now).await?;
        minion::forget(&tx, &master.cluster_id, &replaced.gone).await?;
        if cluster::look_at_keys(&tx, &[&master.cluster_id], now).await? > 0 {
            ledger::wake_reconciler(&tx).await?;
        }
        ctx.state.notify_change(&tx, &Change::of("minions").in_cluster(&master.cluster_id)).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        let known: BTreeSet<&str> = told.iter().map(|one| one.minion_id.as_str()).collect();
        let ignored = states.keys().filter(|id| !known.contains(**id)).map(|&id| id.to_owned()).collect();
        Ok(SavedKeyState { changed: replaced.written, gone: replaced.gone.len() as u64, ignored })
    }
}

/// Each id with its state; a denied key stands beside another one, so that it gives way.
fn states(lists: &KeyStateLists) -> Result<BTreeMap<&str, MinionKeyState>, RpcError> {
    let all = [
        (&lists.minions, MinionKeyState::Accepted),
        (&lists.minions_rejected, MinionKeyState::Rejected),
        (&lists.minions_pre, MinionKeyState::Pending),
    ];
    let mut states = BTreeMap::new();
    for (list, state) in all {
        for id in list {
            if let Some(other) = states.insert(id.as_str(), state).filter(|other| *other != state) {
                let problem = format!("a key is in one state, but {id:?} is said to be {other} and {state}");
                return Err(RpcError::wrong("keys", format!("{id:?} twice"), problem));
            }
        }
    }
    for id in &lists.minions_denied {
        states.entry(id).or_insert(MinionKeyState::Denied);
    }
    Ok(states)
}

fn key(told: &Told, state: MinionKeyState) -> Key<'_> {
    Key {
        minion_id: &told.minion_id,
        key_state: state.as_str(),
        fingerprint: &told.fingerprint,
        public_key: &told.public_key,
        denied: told.denied.as_ref().map(|(fingerprint, pem)| (fingerprint.as_str(), pem.as_str())),
    }
}
