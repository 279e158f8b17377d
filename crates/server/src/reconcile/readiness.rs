//! Checks of minions whose job ended: what they said is kept, and judged. The rules are `raas_cluster::readiness`.

use std::collections::BTreeMap;

use raas_cluster::readiness::{Answer, judge};
use raas_db::{
    Client, DbError, Transaction, body,
    readiness::{self as db, Due, Said},
};

use super::round::Round;
use crate::{Change, readiness};

/// Checks judged in one turn.
const LIMIT: i64 = 5;
/// Longest reason that is kept of one minion.
const LONGEST: usize = 200;

/// Judges what is due.
pub(super) async fn pass(round: &Round<'_>, client: &mut Client) -> Result<(), DbError> {
    let tx = client.transaction().await?;
    for due in db::due(&tx, LIMIT).await? {
        check(round, &tx, &due).await?;
    }
    tx.commit().await
}

async fn check(round: &Round<'_>, tx: &Transaction<'_>, due: &Due) -> Result<(), DbError> {
    let answers = db::answers(tx, &due.jid, &due.cluster_id).await?;
    let answers: BTreeMap<String, Answer> =
        answers.into_iter().map(|one| (one.minion_id.clone(), read(one))).collect();
    let findings = judge(due.kind, usize::try_from(due.masters).unwrap_or(0), &answers);
    let said: Vec<Said> = answers.into_iter().map(said).collect();
    let text = serde_json::to_string(&findings).unwrap_or_default();
    tracing::info!(
        cluster = due.cluster_id,
        minions = said.len(),
        findings = findings.len(),
        "minions checked"
    );
    db::judged(tx, &due.cluster_id, &said, &text, round.now).await?;
    round.state.notify_change(tx, &Change::of("clusters").in_cluster(&due.cluster_id)).await
}

fn read(one: db::Answer) -> Answer {
    let returned = one
        .body
        .and_then(|packed| body::unpack(&packed).ok())
        .and_then(|plain| serde_json::from_slice(&plain).ok());
    match (returned.as_ref().and_then(readiness::read), returned) {
        (Some(settings), _) => Answer::Said(settings),
        (None, Some(other)) => Answer::Nothing(short(&format!("it returned {other}"))),
        (None, None) if one.state == "succeeded" => Answer::Nothing("it returned no settings".to_owned()),
        (None, None) => Answer::Nothing(short(&format!("{}: {}", one.state.replace('_', " "), one.reason))),
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

fn said((minion_id, answer): (String, Answer)) -> Said {
    match answer {
        Answer::Said(settings) => {
            Said { minion_id, settings: serde_json::to_string(&settings).ok(), problem: None }
        }
        Answer::Nothing(why) => Said { minion_id, settings: None, problem: Some(why) },
    }
}
