//! One job for minions: its counters, its outcomes and its returns, beside what each minion did.

use std::collections::HashMap;

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use raas_api::cmd::{Cmd, CmdDetail, GetCmdDetails, GetCmdDetailsParams};
use raas_api::ret::{GetReturns, GetReturnsParams, Return};
use raas_api::{CommandState, OutcomeState};
use raas_lab::Api;
use raas_lab::sim::book::Mark;
use raas_lab::sim::value;
use raas_salt::msgpack;

use super::{Proven, Truth};

/// Looks at one command.
pub(super) async fn check(api: &Api, command: &Cmd, truth: &Truth) -> Result<Proven> {
    let mut proven = Proven::default();
    let details = details(api, command).await?;
    let params =
        GetReturnsParams { jid: Some(command.jid.to_string()), limit: Some(-1), ..Default::default() };
    let returns = api.call::<GetReturns>(&params).await?.results;
    let mut returns: HashMap<String, Return> =
        returns.into_iter().map(|one| (one.minion_id.clone(), one)).collect();
    counters(command, &details, &mut proven);
    let nothing = Vec::new();
    let marks = truth.jobs.get(command.jid.as_str()).map_or(&nothing, |job| &job.marks);
    let at: HashMap<&str, usize> =
        truth.book.minions().iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let mut seen = vec![false; at.len()];
    for detail in &details {
        *proven.outcomes.entry(detail.state).or_default() += 1;
        let Some(minion) = at.get(detail.minion_id.as_str()).copied() else {
            proven.wrong(format!("{} {}: nobody is called so", detail.jid, detail.minion_id));
            continue;
        };
        seen[minion] = true;
        let mark = marks.get(minion).copied().unwrap_or_default();
        outcome(detail, mark, returns.remove(&detail.minion_id).as_ref(), &mut proven);
    }
    for (minion, one) in returns {
        proven.wrong(format!("{} {minion}: a return without an outcome ({})", command.jid, one.ret));
    }
    let unseen = marks.iter().zip(truth.book.minions()).zip(seen).filter(|(_, seen)| !seen);
    for ((mark, minion), _) in unseen {
        if mark.kept || (mark.runs > 0 && command.job_source == "raas") {
            proven.wrong(format!("{} {minion}: LOST, there is no outcome ({mark:?})", command.jid));
        }
    }
    Ok(proven)
}

pub(super) async fn details(api: &Api, command: &Cmd) -> Result<Vec<CmdDetail>> {
    let params = GetCmdDetailsParams {
        jid: command.jid.clone(),
        minion_id_exact: None,
        minion_id: None,
        master_id: None,
        has_errors: None,
        has_return: None,
        sort_by: Some(raas_api::cmd::CmdDetailSort::MinionId),
        reverse: false,
        page: None,
        limit: -1,
    };
    Ok(api.call::<GetCmdDetails>(&params).await?.results)
}

/// The counters of a command equal a recount of its outcomes, and its state follows from them.
fn counters(command: &Cmd, details: &[CmdDetail], proven: &mut Proven) {
    let count = |is: fn(&CmdDetail) -> bool| details.iter().filter(|one| is(one)).count();
    let counted = [
        ("expected", command.expected, details.len()),
        ("returned", command.returned, count(|one| one.has_return)),
        ("returned_good", command.returned_good, count(|one| one.state == OutcomeState::Succeeded)),
        ("returned_failed", command.returned_failed, count(|one| one.state == OutcomeState::Failed)),
    ];
    for (name, said, counted) in counted {
        if usize::try_from(said).ok() != Some(counted) {
            proven.wrong(format!("{}: {name} is {said}, a recount gives {counted}", command.jid));
        }
    }
    let state = if command.returned < command.expected {
        CommandState::CompletedMissingReturns
    } else if command.returned_failed > 0 {
        CommandState::CompletedFailures
    } else {
        CommandState::CompletedAllSuccessful
    };
    let fits = command.state == state
        || (command.expected == 0 && command.state == CommandState::CompletedMissingReturns);
    if !fits || command.duration.is_none() {
        proven.wrong(format!("{}: its state is {}, its outcomes say {state}", command.jid, command.state));
    }
}

/// One outcome beside what its minion did.
fn outcome(detail: &CmdDetail, mark: Mark, ret: Option<&Return>, proven: &mut Proven) {
    let state = detail.state;
    let mut say = |what: &str| {
        proven.wrong(format!(
            "{} {}: {what}; truth: {mark:?}; outcome: {state} ({})",
            detail.jid, detail.minion_id, detail.reason
        ));
    };
    if mark.runs > 1 {
        say("RAN TWICE");
    } else if detail.ran_twice {
        say("it ran once and is said to have run twice");
    }
    if !state.is_final() {
        say("OPEN");
    }
    if mark.kept && !state.has_return() {
        say("LOST");
    }
    if state.has_return() && !mark.finished {
        say("has a return and never finished");
    }
    if mark.runs > 0 && state == OutcomeState::NotDelivered {
        say("it ran and is said not to have been delivered");
    }
    if detail.has_return != state.has_return() || ret.is_some() != state.has_return() {
        say("its state and its return do not fit");
    }
    if let Some(ret) = ret {
        if let Some(wrong) = value_differs(ret, mark.runs, state) {
            say(&wrong);
        }
        proven.stored += 1;
        proven.witnessed += u64::from(detail.witnesses > 1);
    }
}

fn value_differs(ret: &Return, runs: u8, state: OutcomeState) -> Option<String> {
    let right = (1..=runs.max(1)).any(|run| {
        let truth = value::of(ret.jid.as_str(), &ret.minion_id, run);
        let same = match &ret.original {
            Some(original) => STANDARD.decode(original).ok() == Some(msgpack::write(&truth.packed())),
            None => truth.bytes.is_none() && ret.ret == truth.value,
        };
        let good = truth.retcode == 0;
        same && ret.full_ret.retcode == truth.retcode && (state == OutcomeState::Succeeded) == good
    });
    (!right).then(|| {
        format!("ANOTHER VALUE is stored: {}", ret.ret.to_string().chars().take(200).collect::<String>())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const JID: &str = "20260102030405000678";

    fn detail(state: OutcomeState) -> CmdDetail {
        let says = serde_json::json!({
            "jid": JID, "minion_id": "m1", "cluster_id": "c", "master_id": "a", "state": state, "reason": "",
            "has_return": state.has_return(), "has_errors": null, "retcode": null, "late": false, "ran_twice": false,
            "unexpected": false, "witnesses": 1, "alter_time": "2026-01-02T03:04:05Z",
        });
        serde_json::from_value(says).unwrap()
    }

    fn stored(run: u8) -> Return {
        let truth = value::of(JID, "m1", run);
        let original = truth.bytes.is_some().then(|| STANDARD.encode(msgpack::write(&truth.packed())));
        let says = serde_json::json!({
            "alter_time": "2026-01-02T03:04:05Z", "fun": "f", "fun_args": [], "has_errors": false, "jid": JID,
            "master": "a", "master_uuid": "00000000-0000-0000-0000-000000000000", "minion_id": "m1", "cluster_id": "c",
            "return": truth.value, "original": original, "trimmed": false,
            "full_ret": {"_stamp": "", "cmd": "_return", "fun": "f", "fun_args": [], "id": "m1", "jid": JID,
                         "master_id": "a", "retcode": truth.retcode, "return": truth.value, "success": truth.retcode == 0},
        });
        serde_json::from_value(says).unwrap()
    }

    fn wrong(state: OutcomeState, mark: Mark, ret: Option<&Return>) -> Vec<String> {
        let mut proven = Proven::default();
        outcome(&detail(state), mark, ret, &mut proven);
        proven.problems
    }

    fn good() -> OutcomeState {
        if value::of(JID, "m1", 1).retcode == 0 { OutcomeState::Succeeded } else { OutcomeState::Failed }
    }

    const RAN: Mark = Mark { runs: 1, finished: true, kept: true, sent: true };

    #[test]
    fn the_truth_passes_and_every_lie_is_found() {
        assert_eq!(wrong(good(), RAN, Some(&stored(1))), Vec::<String>::new());
        let died = Mark { kept: false, ..RAN };
        assert_eq!(wrong(OutcomeState::ResultUnknown, died, None), Vec::<String>::new());
        assert_eq!(wrong(OutcomeState::NotDelivered, Mark::default(), None), Vec::<String>::new());
        let lies = [
            ("LOST", wrong(OutcomeState::NoAnswer, RAN, None)),
            ("OPEN", wrong(OutcomeState::Delivered, died, None)),
            ("RAN TWICE", wrong(good(), Mark { runs: 2, ..RAN }, Some(&stored(1)))),
            ("ANOTHER VALUE", wrong(good(), RAN, Some(&stored(2)))),
            ("never finished", wrong(good(), Mark::default(), Some(&stored(1)))),
            ("not to have been delivered", wrong(OutcomeState::NotDelivered, died, None)),
            ("do not fit", wrong(good(), RAN, None)),
        ];
        for (word, said) in lies {
            assert!(said.iter().any(|one| one.contains(word)), "{word}: {said:?}");
        }
    }
}
