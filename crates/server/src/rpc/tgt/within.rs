//! Narrowing a search to the minions of a saved target group.

use raas_db::{Client, Only};
use uuid::Uuid;

use super::{readable, stored, targets};
use crate::{Ctx, RpcError, rpc::cmd};

/// The same for lists that can be narrowed by the members as they are kept: by its number, where they are all known and the
/// caller has no limit.
pub(in crate::rpc) async fn narrowed(
    ctx: &Ctx,
    client: &Client,
    tgt_uuid: Option<Uuid>,
    only: Only,
) -> Result<(Only, Option<i32>), RpcError> {
    if let Some(tgt_uuid) = tgt_uuid.filter(|_| only.is_all()) {
        let group = readable(ctx, client, tgt_uuid).await?;
        let tgt = targets(&group)?;
        let known = cmd::known(ctx, client, &tgt).await?;
        let number = stored::settled(ctx, client, (&group, &tgt), &known).await?;
        if number.is_some() {
            return Ok((only, number));
        }
    }
    Ok((within(ctx, client, tgt_uuid, only).await?, None))
}

/// Those of `only` that this group means; all of `only` when there is no group.
pub(in crate::rpc) async fn within(
    ctx: &Ctx,
    client: &Client,
    tgt_uuid: Option<Uuid>,
    only: Only,
) -> Result<Only, RpcError> {
    let Some(tgt_uuid) = tgt_uuid else { return Ok(only) };
    let group = readable(ctx, client, tgt_uuid).await?;
    let tgt = targets(&group)?;
    let known = cmd::known(ctx, client, &tgt).await?;
    let stored = stored::read(ctx, client, (&group, &tgt), &known, false).await?;
    let (meant, unsure) = if let Some(stored) = stored {
        let minions = stored.minions.into_iter();
        (Only::these(minions.map(|(_, one)| (one.cluster_id, one.minion_id))), !stored.unsure.is_empty())
    } else {
        let reached = cmd::reach_in(ctx, client, &known, &tgt).await?;
        let pairs = reached.parts.iter().flat_map(|part| {
            let cluster = &known[part.cluster].facts.cluster_id;
            part.resolved.minions.iter().map(|minion| (cluster.clone(), minion.minion_id.clone()))
        });
        (Only::these(pairs), reached.parts.iter().any(|part| !part.resolved.surely))
    };
    if unsure {
        ctx.warn("the server cannot tell of every minion whether the target group means it: those of which it can are shown");
    }
    Ok(meant.and(&only))
}
