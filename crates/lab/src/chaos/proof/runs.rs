//! Runners: each ran once at most, on whatever master, and its outcome says what is true.

use std::collections::HashMap;

use anyhow::Result;
use raas_api::cmd::Cmd;
use raas_api::{CommandKind, OutcomeState};
use raas_lab::Api;

use super::{Proven, job, token};
use crate::chaos::fleet::Fleet;

/// Looks at all runners.
pub(super) async fn check(api: &Api, fleet: &Fleet, commands: &[Cmd], proven: &mut Proven) -> Result<()> {
    let ran = ran(fleet);
    for (token, masters) in ran.iter().filter(|(_, masters)| masters.len() > 1) {
        proven.wrong(format!("runner {token} RAN TWICE: on {masters:?}"));
    }
    proven.runners = ran.len() as u64;
    for command in commands.iter().filter(|command| command.cmd == CommandKind::Runner) {
        let ran = ran.contains_key(token(command));
        let details = job::details(api, command).await?;
        if details.len() != 1 {
            proven.wrong(format!("{}: a runner with {} outcomes", command.jid, details.len()));
        }
        for one in details {
            proven.runner_returns += u64::from(one.has_return);
            let wrong = match one.state {
                state if !state.is_final() => "OPEN",
                OutcomeState::NotDelivered if ran => "it ran and is said not to have been delivered",
                OutcomeState::Succeeded if !ran => "it succeeded and never ran",
                OutcomeState::Failed => "it failed, which none of them does",
                _ => continue,
            };
            proven.wrong(format!(
                "runner {} on {}: {wrong} ({}: {})",
                one.jid, one.minion_id, one.state, one.reason
            ));
        }
    }
    Ok(())
}

/// Token → masters that ran it, out of what the masters wrote down before they ran anything.
fn ran(fleet: &Fleet) -> HashMap<String, Vec<String>> {
    let mut ran: HashMap<String, Vec<String>> = HashMap::new();
    for master in fleet.masters() {
        let text = std::fs::read_to_string(master.place.runs()).unwrap_or_default();
        for token in text.lines().filter_map(|line| line.split('\t').next()) {
            ran.entry(token.to_owned()).or_default().push(master.id.clone());
        }
    }
    ran
}
