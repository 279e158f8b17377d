//! Which minions a target means, as far as ids and grains can say.

use raas_api::cmd::{RouteTarget, TargetText};
use raas_cluster::routing::MinionLinks;
use raas_db::routing::MinionRow;
use raas_target::{Match, Target, TargetError, TargetInput, Tgt};
use serde_json::Value;

use crate::{
    RpcError,
    rpc::tgt::{SavedGroups, salt_type},
};

/// A target, parsed.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Wish<'a> {
    pub(super) asked: &'a RouteTarget,
    target: Target,
}

/// What a target means in one cluster.
#[derive(Clone, Debug, Default)]
pub(in crate::rpc) struct Resolved {
    pub(in crate::rpc) minions: Vec<MinionLinks>,
    /// Nothing stayed open: who is not among `minions` does not match.
    pub(in crate::rpc) surely: bool,
}

impl<'a> Wish<'a> {
    /// Parses the target asked for on `name`, where nodegroups are saved target groups.
    pub(in crate::rpc) fn read(
        name: &str,
        asked: &'a RouteTarget,
        groups: &SavedGroups,
    ) -> Result<Self, RpcError> {
        let input = match &asked.tgt {
            TargetText::Text(text) => TargetInput::Text(text),
            TargetText::List(ids) => TargetInput::List(ids),
        };
        let wrong =
            |error: TargetError| RpcError::wrong(&format!("tgt.{name}"), asked.words(), error.to_string());
        let target = Target::parse_with(input, salt_type(&asked.tgt_type), &groups.for_place(name));
        Ok(Self { asked, target: target.map_err(wrong)? })
    }

    /// Only what it matches.
    pub(in crate::rpc) fn into_target(self) -> Target {
        self.target
    }

    pub(super) fn needs_grains(&self) -> bool {
        self.target.needs_grains()
    }

    /// The only ids that can match, when the target says so.
    pub(super) fn listed(&self) -> Option<impl Iterator<Item = &String>> {
        self.target.listed().map(|ids| ids.iter())
    }

    /// The target as masters get it: lists as arrays.
    pub(super) fn published(&self) -> RouteTarget {
        let published = self.target.published();
        let tgt = match &published.tgt {
            Tgt::Text(text) => TargetText::Text(text.clone()),
            Tgt::List(members) => TargetText::List(members.clone()),
        };
        RouteTarget { tgt, tgt_type: published.tgt_type.clone() }
    }

    /// Why masters and minions say whom it means, whatever is known here: sentences.
    pub(super) fn left_to_salt(&self) -> Vec<String> {
        self.target.left_to_salt()
    }

    /// Matches the minions of one cluster. `keys_known`: there are no others.
    pub(super) fn resolve<'r>(
        &self,
        rows: impl Iterator<Item = &'r MinionRow>,
        keys_known: bool,
        links: impl Fn(&MinionRow) -> MinionLinks,
    ) -> Resolved {
        let mut resolved = Resolved { minions: Vec::new(), surely: keys_known };
        for row in rows {
            match self.target.matches_grains(&row.minion_id, self.grains(row).as_ref()) {
                Match::Yes => resolved.minions.push(links(row)),
                Match::Unknown => resolved.surely = false,
                Match::No => {}
            }
        }
        resolved
    }

    fn grains(&self, row: &MinionRow) -> Option<Value> {
        if !self.needs_grains() {
            return None;
        }
        row.grains.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }
}

/// A target in words, for messages.
pub(super) trait Words {
    fn words(&self) -> String;
}

impl Words for RouteTarget {
    fn words(&self) -> String {
        match &self.tgt {
            TargetText::Text(text) => format!("{text:?} ({})", self.tgt_type),
            TargetText::List(ids) => format!("{} ids ({})", ids.len(), self.tgt_type),
        }
    }
}
