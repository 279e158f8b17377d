//! The steps of one delivery, or of one question, in sentences.

use raas_api::{TimelineKind, cmd::TimelineEntry};

use super::{
    facts::{Delivery, Step, Work},
    story::entry,
};

/// What became of it, oldest first.
pub(super) fn steps(delivery: &Delivery) -> Vec<TimelineEntry> {
    let kind = if delivery.work == Work::Ask { TimelineKind::Question } else { TimelineKind::Delivery };
    delivery
        .steps
        .iter()
        .enumerate()
        .map(|(n, step)| TimelineEntry {
            master_id: Some(delivery.master_id.clone()),
            delivery_id: Some(delivery.delivery_id),
            state: Some(step.state.clone()),
            reason: (!step.reason.is_empty()).then(|| step.reason.clone()),
            ..entry(step.at, kind, sentence(delivery, n, step))
        })
        .collect()
}

fn sentence(delivery: &Delivery, n: usize, step: &Step) -> String {
    let (master, it) = (format!("master {:?}", delivery.master_id), it(delivery.work));
    let (before, last) = step_before(delivery, n);
    match (step.state.as_str(), delivery.work) {
        ("queued", _) if n > 0 => format!("{master} handed {it} back: {}", reason(step, &master)),
        ("queued", Work::Target) => format!("queued for {master}: publish to the target as asked for"),
        ("queued", Work::List(count)) => {
            format!("queued for {master}: publish to a list of {count}, with this minion")
        }
        ("queued", Work::Run) => format!("queued for {master}: run it there"),
        ("queued", Work::Ask) => format!("queued for {master}: ask the minion about the job"),
        ("leased", _) if before == "leased" => format!("{master} was given {it} once more"),
        ("leased", _) => format!("{master} fetched {it}"),
        ("claimed", _) => format!("{master} claimed {it}: it may have started"),
        ("started", _) => format!("{master} {}", reason(step, &master).replacen("started", "started it", 1)),
        ("published", _) => format!("{master} published it"),
        ("handed_back", _) if !step.reason.is_empty() && step.reason == last => {
            format!("taken back from {master}: certainly not carried out")
        }
        ("handed_back", _) => {
            format!("{master} certainly did not carry {it} out: {}", reason(step, &master))
        }
        ("expired", _) => format!("{master} may have carried {it} out: {}", reason(step, &master)),
        ("done", Work::Ask) => format!("{master} told what the minion said"),
        ("done", Work::Run) if step.reason.is_empty() => format!("{master} told its result"),
        ("done", Work::Run) => format!("{master} told its end: {}", reason(step, &master)),
        ("done", _) => format!("{master} published nothing: {}", reason(step, &master)),
        (other, _) => format!("{master}: {it} is {other}"),
    }
}

fn it(work: Work) -> &'static str {
    match work {
        Work::Target | Work::List(_) => "the job",
        Work::Run => "the run",
        Work::Ask => "the question",
    }
}

/// State and reason of the step before.
fn step_before(delivery: &Delivery, n: usize) -> (&str, &str) {
    let before = n.checked_sub(1).and_then(|n| delivery.steps.get(n));
    before.map_or(("", ""), |step| (&step.state, &step.reason))
}

/// The reason without the name of the master, which the sentence says already.
fn reason<'a>(step: &'a Step, master: &str) -> &'a str {
    let said = step.reason.strip_prefix(master).and_then(|rest| rest.strip_prefix(": "));
    said.unwrap_or(&step.reason)
}
