//! Signs of life: what an event proves of a minion, and how often that is worth a report.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use raas_salt::{Event, is_minion_id};
use raas_wire::{Evidence, Seen};

use super::tag::Tag;

/// A minion that was seen is not worth a report again for so long, unless it (re)connected.
const QUIET: SignedDuration = SignedDuration::from_secs(5);
/// Minions remembered; ids are chosen by whoever sends events.
const MOST: usize = 200_000;

/// When each minion was last reported.
#[derive(Debug, Default)]
pub(super) struct Signs {
    reported: HashMap<String, Timestamp>,
}

impl Signs {
    /// The sign in an event, when there is one and it is news.
    pub(super) fn of(&mut self, tag: Tag<'_>, event: &Event, at: Timestamp) -> Option<Seen> {
        let (minion_id, evidence) = proof(tag, event)?;
        let attached = matches!(evidence, Evidence::Start | Evidence::Auth);
        let quiet = self.reported.get(minion_id).is_some_and(|last| at.duration_since(*last) < QUIET);
        if quiet && !attached {
            return None;
        }
        if self.reported.len() >= MOST {
            self.reported.clear();
        }
        self.reported.insert(minion_id.to_owned(), at);
        Some(Seen { minion_id: minion_id.to_owned(), evidence, at })
    }
}

fn proof<'a>(tag: Tag<'a>, event: &'a Event) -> Option<(&'a str, Evidence)> {
    let inside = event.text("id").filter(|id| is_minion_id(id));
    match tag {
        Tag::JobReturn { minion_id, .. } if event.text("cmd") == Some("_return") => {
            (inside == Some(minion_id)).then_some((minion_id, Evidence::Return))
        }
        // Fired by the minion through the master, which fills in who it was.
        Tag::Start { minion_id } => (inside == Some(minion_id)).then_some((minion_id, Evidence::Start)),
        Tag::Auth => {
            let accepted = event.text("act") == Some("accept")
                && event.get("result").and_then(raas_salt::Value::as_bool) == Some(true);
            inside.filter(|_| accepted).map(|id| (id, Evidence::Auth))
        }
        _ if event.text("cmd") == Some("_minion_event") => inside.map(|id| (id, Evidence::Event)),
        _ => None,
    }
}
