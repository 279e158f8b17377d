//! Limits to some minions: read, matched, and what they leave of the fleet. Where they hold is the business of each method.

use raas_api::{Permission, Scope, cmd::TargetText};
use raas_db::{Only, Session, minion};
use raas_target::{Match, Target, TargetInput};
use serde_json::Value;

use crate::{Actor, Ctx, RpcError};

/// One entry of a limit: a cluster id or `*`, and who is meant there.
type Entry = (String, Target);

/// Parses a limit; `parameter` names it in refusals.
pub(crate) fn parse(parameter: &str, scope: &Scope) -> Result<Vec<Entry>, RpcError> {
    let one = |(cluster, asked): (&String, &raas_api::cmd::RouteTarget)| {
        let (input, words) = match &asked.tgt {
            TargetText::Text(text) => (TargetInput::Text(text), format!("{text:?} ({})", asked.tgt_type)),
            TargetText::List(ids) => {
                (TargetInput::List(ids), format!("{} ids ({})", ids.len(), asked.tgt_type))
            }
        };
        let target = Target::parse(input, &asked.tgt_type)
            .map_err(|error| RpcError::wrong(&format!("{parameter}.{cluster}"), words, error.to_string()))?;
        Ok((cluster.clone(), target))
    };
    scope.iter().map(one).collect()
}

/// The part of the fleet in which somebody may do something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Region {
    /// Within one of these; none: everywhere.
    of_roles: Option<Vec<Entry>>,
    /// … and within one of each of these: the limits of the account and of its token.
    limits: Vec<Vec<Entry>>,
}

impl Region {
    /// Where this permission holds.
    pub(crate) fn of(actor: &Actor, permission: Permission) -> Result<Self, RpcError> {
        let limits = actor.limits.iter().map(|limit| parse("scope", limit)).collect::<Result<_, _>>()?;
        // Asked of the grants: a token may hold less than everything of an account that may do everything.
        if actor.grants.iter().any(|grant| grant.permissions.contains(&Permission::Superuser)) {
            return Ok(Self { of_roles: None, limits });
        }
        let mut of_roles = Some(Vec::new());
        for grant in actor.grants.iter().filter(|grant| grant.permissions.contains(&permission)) {
            match (&grant.scope, &mut of_roles) {
                (None, all) => *all = None,
                (Some(scope), Some(some)) => some.extend(parse("scope", scope)?),
                (Some(_), None) => {}
            }
        }
        Ok(Self { of_roles, limits })
    }

    /// There is no limit.
    pub(crate) fn is_all(&self) -> bool {
        self.of_roles.is_none() && self.limits.is_empty()
    }

    /// Whether minions of this cluster can be within.
    pub(crate) fn touches(&self, cluster_id: &str) -> bool {
        let names =
            |entries: &Vec<Entry>| entries.iter().any(|(cluster, _)| cluster == "*" || cluster == cluster_id);
        self.of_roles.as_ref().is_none_or(names) && self.limits.iter().all(names)
    }

    fn needs_grains(&self) -> bool {
        let mut entries = self.of_roles.iter().chain(&self.limits).flatten();
        entries.any(|(_, target)| target.needs_grains())
    }

    /// Whether this minion is certainly within. What only its master could say does not count.
    fn holds(&self, cluster_id: &str, minion_id: &str, grains: Option<&Value>) -> bool {
        let within = |entries: &Vec<Entry>| {
            entries.iter().any(|(cluster, target)| {
                (cluster == "*" || cluster == cluster_id)
                    && matches!(target.matches_grains(minion_id, grains), Match::Yes)
            })
        };
        self.of_roles.as_ref().is_none_or(within) && self.limits.iter().all(within)
    }
}

/// The minions for which the caller has this permission.
pub(crate) async fn minions(
    ctx: &Ctx,
    session: &impl Session,
    permission: Permission,
) -> Result<Only, RpcError> {
    minions_of(&ctx.actor, session, permission).await
}

/// The same for anybody.
pub(crate) async fn minions_of(
    actor: &Actor,
    session: &impl Session,
    permission: Permission,
) -> Result<Only, RpcError> {
    let region = Region::of(actor, permission)?;
    if region.is_all() {
        return Ok(Only::default());
    }
    let mut pairs = Vec::new();
    for (cluster_id, minion_id, grains) in minion::all(session, region.needs_grains()).await? {
        let grains = grains.as_deref().and_then(|text| serde_json::from_str(text).ok());
        if region.holds(&cluster_id, &minion_id, grains.as_ref()) {
            pairs.push((cluster_id, minion_id));
        }
    }
    Ok(Only::these(pairs))
}

/// Holds for every minion. A limit that cannot be read holds for none.
pub(crate) fn is_everywhere(actor: &Actor, permission: Permission) -> bool {
    Region::of(actor, permission).is_ok_and(|region| region.is_all())
}

/// Refuses what acts on more than minions, as a runner does, to whoever is limited to some.
pub(crate) fn unlimited(ctx: &Ctx, permission: Permission, what: &str) -> Result<(), RpcError> {
    if is_everywhere(&ctx.actor, permission) {
        return Ok(());
    }
    Err(RpcError::Forbidden(format!(
        "user {:?} may not {what}: the account is limited to some minions",
        ctx.actor.username
    )))
}
