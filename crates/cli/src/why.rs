//! `raas why <jid> <minion>`: the story of one minion's answer to one command, in sentences.

use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use raas_api::{
    Jid, OutcomeState,
    cmd::{GetOutcomeTimeline, GetOutcomeTimelineParams, OutcomeTimeline},
};

use crate::{
    door::{Door, Output},
    output::{self, show, warn},
};

/// Which outcome.
#[derive(Debug, Args)]
pub(crate) struct WhyArgs {
    /// Jid.
    jid: Jid,
    /// Minion, or the master for a runner or wheel.
    minion: String,
    /// Its cluster, where minions of several clusters have this id.
    #[arg(long, short)]
    cluster: Option<String>,
}

pub(crate) async fn run(door: &Door, args: WhyArgs) -> anyhow::Result<ExitCode> {
    let params = GetOutcomeTimelineParams { jid: args.jid, minion_id: args.minion, cluster: args.cluster };
    let answer = door.client()?.call::<GetOutcomeTimeline>(&params).await?;
    warn(&answer.warnings);
    let story = answer.ret;
    if door.output == Output::Table {
        for line in lines(&story) {
            output::line(&line)?;
        }
    } else {
        show(door.output, &story, &[], Vec::new)?;
    }
    Ok(ExitCode::from(match story.state {
        OutcomeState::Succeeded => 0,
        state if state.has_return() => 2,
        _ => 3,
    }))
}

fn lines(story: &OutcomeTimeline) -> Vec<String> {
    let state = story.state.as_str().replace('_', " ");
    let mut all = vec![
        format!("{} of cluster {}: {state} since {}", story.minion_id, story.cluster_id, moment(story.since)),
        format!("Why: {}", story.reason),
    ];
    if let Some(retcode) = story.retcode {
        all.push(format!("Return code: {retcode}"));
    }
    let marks = [
        (story.late, "The return came after the outcome had ended without it."),
        (story.ran_twice, "A second, different return came: it ran twice."),
        (story.unexpected, "The plan did not expect this minion."),
        (story.trimmed, "Salt cut the return: only its mark VALUE_TRIMMED is stored."),
    ];
    all.extend(marks.into_iter().filter(|(is, _)| *is).map(|(_, said)| said.to_owned()));
    all.push(String::new());
    all.extend(story.entries.iter().map(|entry| format!("{}  {}", moment(entry.at), entry.sentence)));
    if let Some(waits) = &story.waits_for {
        all.push(format!("{}  until then it waits for {}", moment(waits.until), waits.sentence));
    }
    all
}

/// To the millisecond: what happens here takes less than a second.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::lines;
    use serde_json::json;

    #[test]
    fn an_open_answer_says_what_it_waits_for() {
        let entry = json!({
            "at": "2026-01-02T03:04:05.123456Z", "kind": "asked_for", "sentence": "root asked for test.ping",
            "master_id": null, "delivery_id": null, "state": null, "reason": null, "same": null,
            "late": false, "ran_twice": false,
        });
        let story = serde_json::from_value(json!({
            "jid": "20260102030405123456", "minion_id": "w1", "cluster_id": "eu-web", "cmd": "local", "fun": "test.ping",
            "state": "delivered", "reason": "published", "since": "2026-01-02T03:04:06Z", "master_id": "m1",
            "retcode": null, "late": false, "ran_twice": false, "unexpected": true, "trimmed": false, "witnesses": 0,
            "entries": [entry], "waits_for": {"sentence": "the return", "until": "2026-01-02T03:04:36Z"},
        }))
        .unwrap();
        assert_eq!(
            lines(&story),
            [
                "w1 of cluster eu-web: delivered since 2026-01-02 03:04:06.000Z",
                "Why: published",
                "The plan did not expect this minion.",
                "",
                "2026-01-02 03:04:05.123Z  root asked for test.ping",
                "2026-01-02 03:04:36.000Z  until then it waits for the return",
            ]
        );
    }
}
