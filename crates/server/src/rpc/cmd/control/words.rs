//! What was done about a running job, in sentences: per master, with the number of minions.

use raas_cluster::{control::Stop, routing::PlannedTarget};

use super::{super::route_cmd::plan::Planned, Action, facts::Facts};
use crate::job::some_of;

/// One sentence for each thing that was done, or could not be.
pub(super) fn said(facts: &Facts, action: Action, decided: &Stop, planned: &Planned) -> Vec<String> {
    let mut said = cancelled(facts, decided);
    if !decided.unreached.is_empty() {
        said.push(format!("{} had not been reached: cancelled", minions(decided.unreached.len())));
    }
    said.extend(told(facts, action, planned));
    said.extend(left(facts, action, decided, planned));
    if said.is_empty() {
        said.push("nobody is known to run it".to_owned());
    }
    said
}

fn cancelled(facts: &Facts, decided: &Stop) -> Vec<String> {
    let of = |id| facts.copies().find(|given| given.row.delivery_id == id);
    let given = decided.cancelled.iter().filter_map(|id| of(*id));
    given
        .map(|given| {
            let what = if facts.is_run() { "had not started it" } else { "had not fetched it" };
            format!("master {:?} {what}: cancelled there", name(facts, given.row.master_uuid))
        })
        .collect()
}

/// Each master that is to tell minions, and how many.
fn told(facts: &Facts, action: Action, planned: &Planned) -> Vec<String> {
    let fun = action.fun(facts.ends_softly());
    let deliveries =
        planned.parts.iter().flat_map(|part| part.plan.deliveries.iter().map(move |one| (part, one)));
    deliveries
        .map(|(part, one)| {
            let count = match &one.target {
                PlannedTarget::List(ids) => ids.len(),
                _ => part.plan.outcomes.iter().filter(|outcome| !outcome.state.is_final()).count(),
            };
            format!("master {:?} tells {} ({fun})", name(facts, one.master_uuid), minions(count))
        })
        .collect()
}

/// Whom nobody can tell.
fn left(facts: &Facts, action: Action, decided: &Stop, planned: &Planned) -> Vec<String> {
    let mut said = Vec::new();
    let gone: Vec<&str> = planned
        .parts
        .iter()
        .flat_map(|part| &part.plan.outcomes)
        .filter(|outcome| outcome.state.is_final())
        .map(|outcome| outcome.minion_id.as_str())
        .collect();
    if !gone.is_empty() {
        said.push(format!(
            "{} may run it and cannot be told now: {}",
            minions(gone.len()),
            some_of(gone.iter().copied())
        ));
    }
    let stays = facts.copies().filter(|given| !decided.cancelled.contains(&given.row.delivery_id));
    for given in stays.filter(|_| matches!(action, Action::Stop { .. })) {
        let master = name(facts, given.row.master_uuid);
        match given.row.state.as_str() {
            "claimed" | "started" => said.push(format!(
                "master {master:?} runs it: Salt cannot end a runner or wheel from outside (an orchestration ends before its next step with the runner state.soft_kill and the jid that Salt gave it)"
            )),
            "leased" if decided.running.is_empty() => said.push(format!(
                "master {master:?} has it in hand and has not said yet to whom it published it: stop it again in a moment"
            )),
            _ => {}
        }
    }
    said
}

fn name(facts: &Facts, master: uuid::Uuid) -> &str {
    facts.names.get(&master).map_or("a deleted master", String::as_str)
}

fn minions(count: usize) -> String {
    if count == 1 { "1 minion".to_owned() } else { format!("{count} minions") }
}
