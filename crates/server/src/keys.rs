//! Changes of minions' keys on their way to masters: deliveries, and what is remembered until they are seen there. Who
//! decides, and what is desired, is `rpc::minions::set_minion_key_state` and `reconcile::keys`.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use raas_api::minions::MinionKeyAction;
use raas_db::{
    DbError, Transaction,
    delivery::{self, NewDelivery},
    key_change::{self, Asked},
};
use raas_wire::{KeyAction, KeyChange, Keys, Work};
use uuid::Uuid;

use crate::{AppState, job::after};

/// How long a change may lie before it is fetched. One that lasts is asked for again when its master is there.
const LASTING: SignedDuration = SignedDuration::from_secs(60);
/// A master that is away makes a change that is asked for once when it comes back within this time.
const ONCE: SignedDuration = SignedDuration::from_hours(24);
/// Changes in one delivery.
const AT_ONCE: usize = 500;

/// One minion's key on one master.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) cluster_id: String,
    pub(crate) master_uuid: Uuid,
    /// Whether the master is there.
    pub(crate) present: bool,
    pub(crate) minion_id: String,
    pub(crate) action: MinionKeyAction,
    /// PEM.
    pub(crate) public_key: Option<String>,
    /// It carries out what is decided about the minion, and is remembered until it is seen.
    pub(crate) lasting: bool,
}

/// The word used in SQL and JSON.
pub(crate) fn word(action: MinionKeyAction) -> &'static str {
    match action {
        MinionKeyAction::Accept => "accept",
        MinionKeyAction::Reject => "reject",
        MinionKeyAction::Delete => "delete",
    }
}

/// Sends changes. Those that last go to masters that are there only, and to the others when they come back.
pub(crate) async fn send(
    state: &AppState,
    tx: &Transaction<'_>,
    now: Timestamp,
    wanted: &[Wanted],
) -> Result<Vec<Uuid>, DbError> {
    let mut by_master: BTreeMap<(Uuid, bool), Vec<&Wanted>> = BTreeMap::new();
    let mut asked = Vec::new();
    for one in wanted {
        if one.present || !one.lasting {
            by_master.entry((one.master_uuid, one.lasting)).or_default().push(one);
        } else {
            asked.push(remembered(one, None));
        }
    }
    let mut new = Vec::new();
    for ((master_uuid, lasting), changes) in by_master {
        for some in changes.chunks(AT_ONCE) {
            let delivery_id = state.random.uuid();
            new.push(delivery(
                delivery_id,
                master_uuid,
                some,
                after(now, if lasting { LASTING } else { ONCE }),
            ));
            if lasting {
                asked.extend(some.iter().map(|one| remembered(one, Some(delivery_id))));
            }
        }
    }
    key_change::ask(tx, &asked, now).await?;
    delivery::insert(tx, now, &new).await?;
    for one in &new {
        state.notify_work(tx, one.master_uuid).await?;
    }
    Ok(new.into_iter().map(|one| one.delivery_id).collect())
}

fn remembered(one: &Wanted, delivery_id: Option<Uuid>) -> Asked {
    Asked {
        cluster_id: one.cluster_id.clone(),
        minion_id: one.minion_id.clone(),
        master_uuid: one.master_uuid,
        action: word(one.action),
        delivery_id,
    }
}

fn delivery(delivery_id: Uuid, master_uuid: Uuid, some: &[&Wanted], until: Timestamp) -> NewDelivery {
    let changes = some.iter().map(|one| change(one)).collect();
    NewDelivery {
        delivery_id,
        jid: None,
        day: None,
        cluster_id: some.first().map(|one| one.cluster_id.clone()).unwrap_or_default(),
        master_uuid,
        work: "keys",
        payload: serde_json::to_string(&Work::Keys(Keys { delivery_id, changes })).unwrap_or_default(),
        publish_before: until,
    }
}

fn change(one: &Wanted) -> KeyChange {
    KeyChange {
        minion_id: one.minion_id.clone(),
        action: match one.action {
            MinionKeyAction::Accept => KeyAction::Accept,
            MinionKeyAction::Reject => KeyAction::Reject,
            MinionKeyAction::Delete => KeyAction::Delete,
        },
        public_key: one.public_key.clone(),
    }
}
