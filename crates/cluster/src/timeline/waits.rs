//! What an open outcome waits for, and until when.

use raas_api::{CommandKind, OutcomeState, cmd::WaitsFor};

use super::facts::{Delivery, Facts, Work};

/// What it waits for; none when it ended.
pub fn waits_for(facts: &Facts) -> Option<WaitsFor> {
    let until = facts.deadline?;
    let sentence = if facts.asked.cmd == CommandKind::Local { minion(facts) } else { run(facts) };
    Some(WaitsFor { sentence, until })
}

fn minion(facts: &Facts) -> String {
    let open = |ask: bool| -> Vec<String> {
        let these = |d: &&Delivery| d.is_open() && (d.work == Work::Ask) == ask;
        facts.deliveries.iter().filter(these).map(|d| format!("master {:?}", d.master_id)).collect()
    };
    let (publishers, asked) = (open(false), open(true));
    match facts.state {
        _ if !asked.is_empty() => format!("what the minion says when {} asks it", asked.join(" and ")),
        OutcomeState::Queued if !publishers.is_empty() => {
            format!("{} to publish the job", publishers.join(" or "))
        }
        OutcomeState::Queued => "the next look: no master is to publish it any more".to_owned(),
        _ if facts.unheld_since.is_some() => "a live master that holds the minion".to_owned(),
        OutcomeState::Running => "the return; then the minion is asked again whether the job runs".to_owned(),
        _ => "the return; then the minion is asked whether the job still runs".to_owned(),
    }
}

fn run(facts: &Facts) -> String {
    match facts.state {
        OutcomeState::Queued => format!("master {:?} to claim the run", facts.minion_id),
        _ => format!(
            "the result from master {:?}; then it is looked at whether that master is still there",
            facts.minion_id
        ),
    }
}
