//! What a limited account asks for → the minions of it that are its own, as lists: no expression of such an account
//! ever reaches a master, neither now nor when a delivery is planned anew.

use std::collections::{BTreeMap, BTreeSet};

use raas_api::{
    Permission,
    cmd::{RouteTarget, TargetText},
};
use raas_db::{Client, Only};

use super::{
    plan::named,
    reach::{means, reach},
    request::{Request, Wanted},
    resolve::{Wish, Words as _},
};
use crate::{
    Ctx, RpcError,
    job::some_of,
    routing::{self, Expiry, Known},
    scope,
};

/// Narrows the request to what the caller may reach; returns what was removed, in sentences.
pub(super) async fn limit(
    ctx: &Ctx,
    client: &Client,
    request: &mut Request,
) -> Result<Vec<String>, RpcError> {
    let Wanted::Local(asked) = &request.wanted else {
        let by = if request.origin.job.is_some() { Permission::JobRun } else { Permission::CmdRunMaster };
        scope::unlimited(ctx, by, "run functions on masters")?;
        return Ok(Vec::new());
    };
    let own = own(ctx, client, request).await?;
    if own.is_all() {
        return Ok(Vec::new());
    }
    let names = request.names();
    let expiry = Expiry::of(&ctx.state.config);
    let known = routing::clusters(client, names.as_deref(), false, ctx.now(), expiry).await?;
    named(&known, names.as_deref())?;
    let reached = reach(ctx, client, &known, asked).await?;
    let pairs = own.pairs();
    let (mut lists, mut warnings) = (BTreeMap::new(), Vec::new());
    for part in reached.parts {
        let (name, wish) = &reached.wishes[part.wish];
        let id = known[part.cluster].facts.cluster_id.as_str();
        let ids = part.resolved.minions.into_iter().map(|minion| minion.minion_id);
        let (mine, others): (BTreeSet<String>, BTreeSet<String>) =
            ids.partition(|minion| pairs.contains(&(id, minion.as_str())));
        warnings.extend(removed(ctx, wish, id, &others));
        if !part.resolved.surely {
            warnings.push(unsure(ctx, wish, id));
        }
        if !mine.is_empty() {
            let name = if *name == "*" { id.to_owned() } else { (*name).clone() };
            let tgt = TargetText::List(mine.into_iter().collect());
            lists.insert(name, RouteTarget { tgt, tgt_type: "list".to_owned() });
        }
    }
    if lists.is_empty() {
        return Err(nobody(ctx, request, &warnings));
    }
    one_place(lists.keys(), &known)?;
    request.wanted = Wanted::Local(lists);
    Ok(warnings)
}

/// The minions that are the caller's own for this request.
async fn own(ctx: &Ctx, client: &Client, request: &Request) -> Result<Only, RpcError> {
    if request.origin.job.is_none() {
        return scope::minions(ctx, client, Permission::CmdRun).await;
    }
    let own = scope::minions(ctx, client, Permission::JobRun).await?;
    if request.origin.group.is_some() {
        return Ok(own);
    }
    // On a target of one's own choice both count.
    Ok(own.and(&scope::minions(ctx, client, Permission::CmdRun).await?))
}

/// A list is of one cluster. Where a name means two (a cluster, and a master of another), ids of the one would reach
/// minions of the other.
fn one_place<'a>(mut names: impl Iterator<Item = &'a String>, known: &[Known]) -> Result<(), RpcError> {
    match names.find(|name| known.iter().filter(|cluster| means(cluster, name)).count() > 1) {
        None => Ok(()),
        Some(name) => Err(RpcError::Conflict(format!(
            "{name:?} is the name of a cluster and of a master of another one: an account that is limited to some minions cannot use it"
        ))),
    }
}

/// What is said of those who were left out. Only whom the caller named is named: the others are not theirs to know.
fn removed(ctx: &Ctx, wish: &Wish<'_>, cluster_id: &str, others: &BTreeSet<String>) -> Option<String> {
    let count = others.len();
    let named: Vec<&str> =
        wish.listed().into_iter().flatten().filter_map(|id| others.get(id).map(String::as_str)).collect();
    let who = if named.is_empty() { String::new() } else { format!(": {}", some_of(named.into_iter())) };
    (count > 0).then(|| {
        format!(
            "{count} minion{} of cluster {cluster_id:?} that {} matches {} left out, because user {:?} may not reach {}{who}",
            if count == 1 { "" } else { "s" },
            wish.asked.words(),
            if count == 1 { "is" } else { "are" },
            ctx.actor.username,
            if count == 1 { "it" } else { "them" },
        )
    })
}

/// What is said where the server could not decide for everybody.
fn unsure(ctx: &Ctx, wish: &Wish<'_>, cluster_id: &str) -> String {
    format!(
        "whom else {} may match in cluster {cluster_id:?}, only its masters could say: nobody else is asked, because user {:?} is limited to some minions",
        wish.asked.words(),
        ctx.actor.username
    )
}

fn nobody(ctx: &Ctx, request: &Request, warnings: &[String]) -> RpcError {
    let why =
        if warnings.is_empty() { "it matches no minion of yours".to_owned() } else { warnings.join("; ") };
    RpcError::Forbidden(format!(
        "user {:?} may not run {:?} on this target: {why}",
        ctx.actor.username, request.fun
    ))
}
