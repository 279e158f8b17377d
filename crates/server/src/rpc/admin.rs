//! `admin.*`: what keeps the database in order. One file per method; here only what several of them share.

mod delete_dead_letters;
mod get_dead_letters;
mod replay_dead_letters;
mod trim_database;

use raas_api::admin::WhichDeadLetters;
use raas_db::{dead_letter, pattern};

use crate::RpcError;

/// Longest list of ids in one call.
const MAX_IDS: usize = 10_000;

/// The letters that are meant, as the database understands it.
struct Chosen {
    ids: Option<Vec<i64>>,
    master_id: Option<String>,
    kind: Option<String>,
}

impl Chosen {
    /// At least one filter must be given: nobody means all of them by leaving everything out.
    fn of(which: WhichDeadLetters) -> Result<Self, RpcError> {
        let WhichDeadLetters { dead_letter_ids: ids, master_id, kind } = which;
        if ids.is_none() && master_id.is_none() && kind.is_none() {
            return Err(RpcError::Unusable(
                "say which dead letters: give dead_letter_ids, master_id (\"*\" for all) or kind".to_owned(),
            ));
        }
        if let Some(too_many) = ids.as_ref().map(Vec::len).filter(|ids| *ids > MAX_IDS) {
            let given = format!("a list of {too_many}");
            return Err(RpcError::invalid("dead_letter_ids", given, format!("at most {MAX_IDS} ids")));
        }
        // A letter of a forgotten master has no master id, so "all" must not ask for one.
        let master_id = master_id.filter(|id| id != "*").map(|id| pattern::glob(&id));
        Ok(Self { ids, master_id, kind })
    }

    fn which(&self) -> dead_letter::Which<'_> {
        dead_letter::Which {
            ids: self.ids.as_deref(),
            master_id: self.master_id.as_deref(),
            kind: self.kind.as_deref(),
        }
    }
}
