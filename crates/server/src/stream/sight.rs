//! What one account may be told of: by its permissions, and where its role, its own limit or its token reaches.

use std::collections::BTreeSet;

use raas_api::Permission;
use raas_db::{Only, command};

use super::Item;
use crate::{
    Actor, AppState, Change, RpcError,
    auth::again,
    scope::{self, Region},
};

/// Looks at the account after which the minions of its limit are worked out anew.
const LOOKS: u32 = 4;
/// Jobs that are remembered as the account's to see.
const REMEMBERED: usize = 10_000;

/// What whoever holds a stream may be told of.
#[derive(Debug)]
pub(super) struct Sight {
    actor: Actor,
    /// Jobs that it may see: what was seen once stays so.
    seen: BTreeSet<String>,
    /// The minions of its limit, and how many looks ago they were worked out.
    minions: Option<(Only, u32)>,
}

/// Who may be told of a topic.
fn permission(topic: &str) -> Permission {
    match topic {
        "clusters" | "masters" => Permission::MasterRead,
        "minions" => Permission::MinionRead,
        "commands" | "outcomes" => Permission::CmdRead,
        _ => Permission::Superuser,
    }
}

impl Sight {
    pub(super) fn of(actor: Actor) -> Self {
        Self { actor, seen: BTreeSet::new(), minions: None }
    }

    /// Looks at the account again.
    ///
    /// # Errors
    /// When it, its session or its token is gone; or when the database fails.
    pub(super) async fn again(&mut self, state: &AppState) -> Result<(), RpcError> {
        let now = again(state, &self.actor).await?;
        if now != self.actor {
            *self = Self::of(now);
        }
        self.minions =
            self.minions.take().map(|(only, looks)| (only, looks + 1)).filter(|(_, looks)| *looks < LOOKS);
        Ok(())
    }

    /// Takes away what it may not be told of.
    pub(super) async fn leave(
        &mut self,
        state: &AppState,
        mut items: Vec<Item>,
    ) -> Result<Vec<Item>, RpcError> {
        items.retain(|item| match item {
            Item::Snapshot(_) => true,
            Item::Changed(_, change) => self.may(change),
        });
        let unknown: BTreeSet<String> =
            items.iter().filter_map(Item::jid).filter(|jid| !self.sees(jid)).map(str::to_owned).collect();
        if !unknown.is_empty() {
            self.look(state, unknown.into_iter().collect()).await?;
        }
        items.retain(|item| item.jid().is_none_or(|jid| self.sees(jid)));
        Ok(items)
    }

    /// Whether it may be told, so far as the topic and the cluster say it.
    fn may(&self, change: &Change) -> bool {
        let permission = permission(&change.topic);
        self.actor.may(permission)
            && change.cluster_id.as_ref().is_none_or(|cluster_id| {
                Region::of(&self.actor, permission).is_ok_and(|region| region.touches(cluster_id))
            })
    }

    fn sees(&self, jid: &str) -> bool {
        scope::is_everywhere(&self.actor, Permission::CmdRead) || self.seen.contains(jid)
    }

    /// Which of these jobs are its own, or of minions that it may see.
    async fn look(&mut self, state: &AppState, jids: Vec<String>) -> Result<(), RpcError> {
        let client = state.db.client().await?;
        let (only, _) = if let Some(known) = &self.minions {
            known
        } else {
            let only = scope::minions_of(&self.actor, &client, Permission::CmdRead).await?;
            self.minions.insert((only, 0))
        };
        let seen = command::told(&client, &jids, only, self.actor.account_uuid).await?;
        if self.seen.len() + seen.len() > REMEMBERED {
            self.seen.clear();
        }
        self.seen.extend(seen);
        Ok(())
    }
}
