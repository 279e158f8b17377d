//! Outcomes whose deadline passed: each waits, is asked about, or ends.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use raas_api::OutcomeState;
use raas_db::{
    Client, DbError, Transaction, command,
    delivery::{self, NewDelivery},
    listen,
    outcome::{self, Change, Due, Wait},
};
use raas_wire::{Ask, Work};
use uuid::Uuid;

use super::{deliveries, local::Facts, reach::Given, round::Round, run};
use crate::{
    job::{GRACE, after},
    ledger,
};

/// Outcomes looked at in one turn.
const LIMIT: i64 = 5000;
/// Commands held at once.
const AT_ONCE: usize = 20;
/// Questions that one master has open at most; the other jobs wait for their turn here, not there.
const ASKS: i64 = 500;
/// Until a job that waits for its turn is looked at again.
const TURN: SignedDuration = SignedDuration::from_secs(5);

/// Questions that masters have open.
type Asks = BTreeMap<Uuid, i64>;

/// Looks at what is due. True: there is more.
pub(super) async fn pass(round: &Round<'_>, client: &mut Client) -> Result<bool, DbError> {
    let due = outcome::due(&*client, round.now, None, LIMIT).await?;
    let jids: BTreeSet<&str> = due.iter().map(|one| one.jid.as_str()).collect();
    let jids: Vec<String> = jids.into_iter().map(str::to_owned).collect();
    let mut failed = 0;
    let mut asks: Asks = delivery::open_asks(&*client).await?;
    for some in jids.chunks(AT_ONCE) {
        match at_once(round, client, some, &mut asks).await {
            Err(error) if !error.is_unavailable() => {
                failed += one_by_one(round, client, some, &mut asks).await?;
            }
            other => other?,
        }
    }
    Ok(failed == 0 && due.len() >= usize::try_from(LIMIT).unwrap_or(usize::MAX))
}

async fn at_once(
    round: &Round<'_>,
    client: &mut Client,
    jids: &[String],
    asks: &mut Asks,
) -> Result<(), DbError> {
    let tx = client.transaction().await?;
    jobs(round, &tx, jids, asks).await?;
    tx.commit().await
}

/// One job that cannot be reconciled must not keep the others from their end. Returns how many cannot.
async fn one_by_one(
    round: &Round<'_>,
    client: &mut Client,
    jids: &[String],
    asks: &mut Asks,
) -> Result<usize, DbError> {
    let mut failed = 0;
    for jid in jids {
        match at_once(round, client, std::slice::from_ref(jid), asks).await {
            Ok(()) => {}
            Err(error) if error.is_unavailable() => return Err(error),
            Err(error) => {
                tracing::error!(jid, cause = %error.internal(), "a job's outcomes cannot be reconciled");
                failed += 1;
            }
        }
    }
    Ok(failed)
}

async fn jobs(
    round: &Round<'_>,
    tx: &Transaction<'_>,
    jids: &[String],
    asks: &mut Asks,
) -> Result<(), DbError> {
    command::lock(tx, jids).await?;
    // Only now they stand still: some may have ended while nobody held them.
    let due = outcome::due(tx, round.now, Some(jids), LIMIT).await?;
    let mut given: BTreeMap<String, Vec<Given>> = BTreeMap::new();
    for one in deliveries::given(tx, jids).await? {
        given.entry(one.row.jid.clone().unwrap_or_default()).or_default().push(one);
    }
    let locals: Vec<&Due> = due.iter().filter(|one| one.cmd == "local").collect();
    let facts = Facts::gather(round, tx, &locals).await?;
    let mut steps = Steps { open: asks.clone(), ..Steps::default() };
    for one in &due {
        let given = given.get(&one.jid).map_or(&[][..], Vec::as_slice);
        if one.cmd == "local" {
            facts.decide(round, given, one, &mut steps);
        } else {
            match run::step(round, given, one) {
                run::Step::Wait(until) => steps.wait(one, until),
                run::Step::End(state, reason) => steps.end(one, state, reason),
            }
        }
    }
    asks.clone_from(&steps.open);
    steps.write(round, tx).await
}

/// What is done about due outcomes, put together: one question per master and job, whatever the number of minions.
#[derive(Default)]
pub(super) struct Steps {
    waits: Vec<Wait>,
    changes: Vec<Change>,
    asks: BTreeMap<(String, String, Uuid), (jiff::civil::Date, Vec<String>)>,
    /// What masters have open, with these.
    open: Asks,
}

impl Steps {
    /// Looks again then.
    pub(super) fn wait(&mut self, due: &Due, until: jiff::Timestamp) {
        self.waits.push(Wait {
            day: due.day,
            cluster_id: due.cluster_id.clone(),
            jid: due.jid.clone(),
            minion_id: due.minion_id.clone(),
            until,
        });
    }

    /// Ends it.
    pub(super) fn end(&mut self, due: &Due, state: OutcomeState, reason: String) {
        self.changes.push(Change { reason, ..change(due, state.as_str()) });
    }

    /// Asks the minion through this master, or waits until that one has fewer questions open.
    pub(super) fn ask(&mut self, round: &Round<'_>, due: &Due, master: Uuid) {
        let key = (due.jid.clone(), due.cluster_id.clone(), master);
        if !self.asks.contains_key(&key) {
            let open = self.open.entry(master).or_default();
            if *open >= ASKS {
                return self.wait(due, after(round.now, TURN));
            }
            *open += 1;
        }
        self.asks.entry(key).or_insert_with(|| (due.day, Vec::new())).1.push(due.minion_id.clone());
        let state = OutcomeState::from_word(&due.state).unwrap_or(OutcomeState::Delivered);
        self.changes.push(Change {
            reason: format!("no return yet; asked through {} whether it still runs", round.name(master)),
            deadline: Some(after(after(round.now, round.times.ask_within), GRACE)),
            asked: due.asked + 1,
            ..change(due, state.as_str())
        });
    }

    async fn write(self, round: &Round<'_>, tx: &Transaction<'_>) -> Result<(), DbError> {
        outcome::wait(tx, &self.waits).await?;
        let asks: Vec<NewDelivery> = self.asks.into_iter().map(|(key, whom)| ask(round, key, whom)).collect();
        delivery::insert(tx, round.now, &asks).await?;
        let wake: Vec<_> = asks.iter().map(|a| (listen::WORK, a.master_uuid.to_string())).collect();
        if !wake.is_empty() {
            listen::notify_all(tx, &wake).await?;
        }
        let deltas = outcome::change(tx, round.now, &self.changes).await?;
        ledger::settle(tx, round.now, &deltas).await
    }
}

fn change(due: &Due, state: &'static str) -> Change {
    Change {
        day: due.day,
        cluster_id: due.cluster_id.clone(),
        jid: due.jid.clone(),
        minion_id: due.minion_id.clone(),
        state,
        reason: String::new(),
        deadline: None,
        asked: due.asked,
        unheld_since: due.unheld_since,
    }
}

fn ask(
    round: &Round<'_>,
    (jid, cluster_id, master_uuid): (String, String, Uuid),
    (day, minions): (jiff::civil::Date, Vec<String>),
) -> NewDelivery {
    let delivery_id = round.state.random.uuid();
    let wait_ms = u64::try_from(round.times.ask.as_millis()).unwrap_or_default();
    let work = Work::Ask(Ask { delivery_id, jid: jid.clone(), minions, wait_ms });
    NewDelivery {
        delivery_id,
        jid: Some(jid),
        day: Some(day),
        cluster_id,
        master_uuid,
        work: "ask",
        payload: serde_json::to_string(&work).unwrap_or_default(),
        publish_before: after(round.now, round.times.ask_within),
    }
}
