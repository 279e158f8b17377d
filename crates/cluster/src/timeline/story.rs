//! The story itself: who asked, what was planned, how the outcome changed, who saw the return.

use raas_api::{CommandKind, OutcomeState, TimelineKind, cmd::TimelineEntry};

use super::{
    delivered,
    facts::{Asked, Change, Facts, Sighting},
    merge::merge,
};

/// Tells the story of one outcome, oldest first.
pub fn tell(facts: &Facts) -> Vec<TimelineEntry> {
    let mut stories = vec![vec![asked_for(&facts.asked)], changes(facts)];
    stories.extend(facts.deliveries.iter().map(delivered::steps));
    stories.extend(facts.sightings.iter().map(|one| vec![sighting(one)]));
    merge(stories, rank)
}

/// What comes first of what one transaction did: what a master said, then what became of the outcome, then new work.
fn rank(entry: &TimelineEntry) -> u8 {
    match entry.kind {
        TimelineKind::AskedFor => 0,
        TimelineKind::Delivery | TimelineKind::Question if entry.state.as_deref() == Some("queued") => 4,
        TimelineKind::Delivery | TimelineKind::Question => 1,
        TimelineKind::Witness => 2,
        TimelineKind::Planned | TimelineKind::Change | TimelineKind::LeftOut => 3,
    }
}

pub(super) fn entry(at: jiff::Timestamp, kind: TimelineKind, sentence: String) -> TimelineEntry {
    TimelineEntry {
        at,
        kind,
        sentence,
        master_id: None,
        delivery_id: None,
        state: None,
        reason: None,
        same: None,
        late: false,
        ran_twice: false,
    }
}

fn asked_for(asked: &Asked) -> TimelineEntry {
    let Asked { user, fun, target, .. } = asked;
    let who = if user.is_empty() { "somebody" } else { user };
    let what = match asked.cmd {
        CommandKind::Local => fun.clone(),
        kind => format!("the {kind} {fun}"),
    };
    let on = if target.is_empty() { String::new() } else { format!(" on {target}") };
    let sentence = if asked.here {
        format!("{who} asked for {what}{on}")
    } else {
        format!("{who} sent {what}{on} through Salt itself; a master told of it")
    };
    entry(asked.at, TimelineKind::AskedFor, sentence)
}

fn changes(facts: &Facts) -> Vec<TimelineEntry> {
    let (kept, left_out) = facts.left_out;
    let mut all = Vec::with_capacity(facts.changes.len() + 1);
    for (n, change) in facts.changes.iter().enumerate() {
        all.push(if n == 0 && is_plan(facts, change) { planned(change) } else { changed(change) });
        if left_out > 0 && n + 1 == kept {
            let sentence = format!("{left_out} more changes came here; only the first and the last are kept");
            all.push(entry(change.at, TimelineKind::LeftOut, sentence));
        }
    }
    all
}

/// The first state of an outcome that the plan expected.
fn is_plan(facts: &Facts, first: &Change) -> bool {
    facts.asked.here && matches!(first.state, OutcomeState::Queued | OutcomeState::NotDelivered)
}

fn planned(change: &Change) -> TimelineEntry {
    let why = change.reason.strip_prefix("planned: ").unwrap_or(&change.reason);
    let sentence = match (&change.master_id, change.state) {
        (_, OutcomeState::NotDelivered) => format!("the plan could not reach it: {why}"),
        (Some(master), _) => format!("an answer is expected through master {master:?}: {why}"),
        (None, _) => format!("an answer is expected: {why}"),
    };
    of(change, TimelineKind::Planned, sentence)
}

fn changed(change: &Change) -> TimelineEntry {
    let state = change.state.as_str().replace('_', " ");
    of(change, TimelineKind::Change, format!("{state}: {}", change.reason))
}

fn of(change: &Change, kind: TimelineKind, sentence: String) -> TimelineEntry {
    TimelineEntry {
        master_id: change.master_id.clone(),
        state: Some(change.state.to_string()),
        reason: Some(change.reason.clone()),
        late: change.late,
        ran_twice: change.ran_twice,
        ..entry(change.at, kind, sentence)
    }
}

fn sighting(one: &Sighting) -> TimelineEntry {
    let master = &one.master_id;
    let sentence = match (one.same, one.decided) {
        (None, _) => format!("master {master:?} saw the return, but Salt had cut its value (VALUE_TRIMMED)"),
        (Some(true), true) => format!("master {master:?} saw the return"),
        (Some(true), false) => format!("master {master:?} saw the same return: it counts once"),
        (Some(false), _) => format!("master {master:?} saw a different return"),
    };
    TimelineEntry {
        master_id: Some(master.clone()),
        same: one.same,
        ..entry(one.at, TimelineKind::Witness, sentence)
    }
}
