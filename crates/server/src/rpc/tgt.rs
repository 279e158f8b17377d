//! `tgt.*`: saved target groups. One file per method; here what several of them share. Whom a group means is kept by
//! `reconcile/targets` and read by `stored`, which decides anew what changed since: nobody is shown what is stale.

mod delete_target_group;
mod get_target_group;
mod get_target_group_access;
mod get_target_group_minions;
mod parsed;
mod save_target_group;
mod save_target_group_access;
mod stored;
mod within;

use std::collections::BTreeMap;

use raas_api::{
    AccessType,
    cmd::{RouteTarget, TargetText},
};
use raas_db::{
    Session,
    target_group::{self, Search, TargetGroup},
};
use raas_target::{Nodegroup, Nodegroups};
use uuid::Uuid;

pub(crate) use self::parsed::Parsed;
pub(super) use self::within::{narrowed, within};
use super::{saved, words};
use crate::{Ctx, RpcError};

/// By master id, cluster id or `*`.
pub(crate) type Targets = BTreeMap<String, RouteTarget>;

/// The target of a stored group.
pub(crate) fn targets(group: &TargetGroup) -> Result<Targets, RpcError> {
    serde_json::from_value(words::json(&group.tgt))
        .map_err(|error| RpcError::Internal(format!("target group {}: {error}", group.tgt_uuid)))
}

/// The group, if the caller may at least discover it.
pub(crate) async fn find(ctx: &Ctx, session: &impl Session, tgt_uuid: Uuid) -> Result<TargetGroup, RpcError> {
    target_group::get(session, saved::viewer(ctx), tgt_uuid).await?.ok_or_else(|| {
        RpcError::NotFound(format!(
            "there is no target group {tgt_uuid} that {:?} may see: look at tgt.get_target_group",
            ctx.actor.username
        ))
    })
}

/// A group that the caller may use, as it is.
pub(crate) async fn readable(
    ctx: &Ctx,
    session: &impl Session,
    tgt_uuid: Uuid,
) -> Result<TargetGroup, RpcError> {
    let group = find(ctx, session, tgt_uuid).await?;
    saved::check(ctx, &group.held, AccessType::Read, &format!("the target group {:?}", group.name))?;
    Ok(group)
}

/// Refuses to change what every server has.
fn own(group: &TargetGroup) -> Result<(), RpcError> {
    if group.built_in {
        return Err(RpcError::Conflict(format!(
            "the target group {:?} is built in and stays as it is: save one of your own",
            group.name
        )));
    }
    Ok(())
}

/// Saved groups that a target may name as nodegroups (`N@name`).
#[derive(Clone, Debug, Default)]
pub(crate) struct SavedGroups(Vec<(String, Targets)>);

impl SavedGroups {
    /// Those that the caller may read; none are loaded where no target names one.
    pub(crate) async fn of(ctx: &Ctx, session: &impl Session, tgt: &Targets) -> Result<Self, RpcError> {
        if !tgt.values().any(names_a_group) {
            return Ok(Self::default());
        }
        let (_, all) = target_group::search(session, saved::viewer(ctx), &Search::default()).await?;
        let usable = all.iter().filter(|group| saved::may(&group.held, AccessType::Read));
        let named = usable.map(|group| Ok((group.name.clone(), targets(group)?)));
        named.collect::<Result<_, RpcError>>().map(Self)
    }

    /// All that there are, as (name, stored target): for who works out members, whoever may read them.
    pub(crate) fn every<'a>(groups: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let one = |(name, tgt): (&str, &str)| Some((name.to_owned(), serde_json::from_str(tgt).ok()?));
        Self(groups.into_iter().filter_map(one).collect())
    }

    /// With this group, as it is about to be.
    fn with(mut self, name: &str, tgt: &Targets) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), tgt.clone()));
        self
    }

    /// As they are for one master or cluster: what each says of it, or else of all.
    pub(crate) fn for_place(&self, place: &str) -> Nodegroups {
        let of = |tgt: &Targets| tgt.get(place).or_else(|| tgt.get("*")).map(nodegroup);
        self.0.iter().filter_map(|(name, tgt)| Some((name.clone(), of(tgt)?))).collect()
    }
}

fn nodegroup(target: &RouteTarget) -> Nodegroup {
    let text = match (&target.tgt, target.tgt_type.as_str()) {
        (TargetText::Text(text), _) => text.clone(),
        (TargetText::List(words), "compound") => words.join(" "),
        (TargetText::List(ids), _) => ids.join(","),
    };
    Nodegroup::new(&text, salt_type(&target.tgt_type))
}

/// Salt's word for a target type: some clients say `node` for `nodegroup`.
pub(crate) fn salt_type(tgt_type: &str) -> &str {
    if tgt_type == "node" { "nodegroup" } else { tgt_type }
}

fn names_a_group(target: &RouteTarget) -> bool {
    match (salt_type(&target.tgt_type), &target.tgt) {
        ("nodegroup", _) => true,
        ("compound", TargetText::Text(text)) => text.contains("N@"),
        ("compound", TargetText::List(words)) => words.iter().any(|word| word.contains("N@")),
        _ => false,
    }
}

/// Whether a target names this group.
fn names(target: &RouteTarget, name: &str) -> bool {
    let word = format!("N@{name}");
    match (salt_type(&target.tgt_type), &target.tgt) {
        ("nodegroup", TargetText::Text(text)) => text == name,
        ("compound", TargetText::Text(text)) => text.split_whitespace().any(|one| one == word),
        ("compound", TargetText::List(words)) => words.contains(&word),
        _ => false,
    }
}
