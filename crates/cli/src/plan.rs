//! `raas run --plan`: what a command would do and whom it would reach, in sentences. Sends nothing.

use std::process::ExitCode;

use raas_api::{
    CommandKind, PlannedWork,
    cmd::{CmdPlan, Expectation, PlanCmd, PlannedMaster, PlannedPart, RouteCmdParams},
};
use raas_client::Client;

use crate::{
    door::{Door, Output},
    output::{self, show, warn},
};

/// Minions shown with their reason, of each kind; the others are counted.
const SHOWN: usize = 10;

/// Shows the plan; by exit code, whether all of the target may be reached.
pub(crate) async fn plan(door: &Door, client: &Client, params: &RouteCmdParams) -> anyhow::Result<ExitCode> {
    let answer = client.call::<PlanCmd>(params).await?;
    warn(&answer.warnings);
    let plan = answer.ret;
    if door.output == Output::Table {
        for line in lines(&plan) {
            output::line(&line)?;
        }
    } else {
        show(door.output, &plan, &[], Vec::new)?;
    }
    let reached = |part: &PlannedPart| part.proven.count + part.assumed.count;
    let all = plan.parts.iter().all(|part| part.unreachable.count == 0)
        && (plan.parts.iter().map(reached).sum::<i64>() > 0 || plan.parts.iter().any(|part| !part.resolved));
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn lines(plan: &CmdPlan) -> Vec<String> {
    let mut all = Vec::new();
    for part in &plan.parts {
        all.push(format!("{} ({}):", part.cluster_id, part.kind.as_str()));
        all.extend(part.masters.iter().map(|master| format!("  {}", told(master, &plan.fun))));
        if part.masters.is_empty() {
            all.push("  nothing would be sent".to_owned());
        }
        if plan.cmd == CommandKind::Local {
            let (proven, assumed, not) = (part.proven.count, part.assumed.count, part.unreachable.count);
            all.push(format!("  {proven} proven, {assumed} assumed, {not} unreachable"));
        }
        if !part.resolved {
            all.push("  the server cannot decide for every minion: its masters do".to_owned());
        }
        for (word, some) in [
            ("assumed", &part.assumed),
            ("unreachable", &part.unreachable),
            ("not seen by it", &part.not_seen),
        ] {
            all.extend(named(word, some));
        }
    }
    all
}

fn told(master: &PlannedMaster, fun: &str) -> String {
    let id = &master.master_id;
    let second = if master.second { " as a second copy, at once or not at all" } else { "" };
    match master.work {
        PlannedWork::Target => format!("{id} publishes {fun} to the target as asked for{second}"),
        PlannedWork::Run => format!("{id} runs {fun}"),
        PlannedWork::List => {
            let more = if master.list.len() > SHOWN { ", …" } else { "" };
            let first: Vec<&str> = master.list.iter().take(SHOWN).map(String::as_str).collect();
            format!(
                "{id} publishes {fun} to a list of {}{second}: {}{more}",
                master.list_count,
                first.join(", ")
            )
        }
    }
}

fn named(word: &str, some: &Expectation) -> Vec<String> {
    let shown = some.minions.iter().take(SHOWN);
    let mut lines: Vec<String> =
        shown.map(|one| format!("  {word}: {}: {}", one.minion_id, one.reason)).collect();
    let more = some.count - i64::try_from(lines.len()).unwrap_or(some.count);
    if more > 0 {
        lines.push(format!("  {word}: {more} more"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::lines;
    use serde_json::json;

    #[test]
    fn a_plan_says_who_publishes_what_and_whom_it_does_not_reach() {
        let minion = |id: &str, reason: &str| json!({"minion_id": id, "master_id": "m2", "reason": reason});
        let plan = serde_json::from_value(json!({"cmd": "local", "fun": "test.ping", "parts": [{
            "cluster_id": "eu-web", "kind": "hot", "target": {"tgt": "*", "tgt_type": "glob"}, "resolved": true,
            "masters": [
                {"master_id": "m1", "work": "target", "second": false, "list_count": 0, "list": []},
                {"master_id": "m2", "work": "list", "second": true, "list_count": 2, "list": ["a", "b"]},
            ],
            "proven": {"count": 12, "minions": []},
            "assumed": {"count": 1, "minions": [minion("a", "not seen lately")]},
            "unreachable": {"count": 1, "minions": [minion("z", "its key is on \"m3\" only, which is lost")]},
            "not_seen": {"count": 0, "minions": []},
        }]}))
        .unwrap();
        assert_eq!(
            lines(&plan),
            [
                "eu-web (hot):",
                "  m1 publishes test.ping to the target as asked for",
                "  m2 publishes test.ping to a list of 2 as a second copy, at once or not at all: a, b",
                "  12 proven, 1 assumed, 1 unreachable",
                "  assumed: a: not seen lately",
                "  unreachable: z: its key is on \"m3\" only, which is lost",
            ]
        );
    }
}
