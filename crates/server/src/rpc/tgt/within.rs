//! Narrowing a search to the minions of a saved target group.

use raas_db::{Client, Only};
use uuid::Uuid;

use super::{readable, targets};
use crate::{Ctx, RpcError, rpc::cmd};

/// Those of `only` that this group means; all of `only` when there is no group.
pub(in crate::rpc) async fn within(
    ctx: &Ctx,
    client: &Client,
    tgt_uuid: Option<Uuid>,
    only: Only,
) -> Result<Only, RpcError> {
    let Some(tgt_uuid) = tgt_uuid else { return Ok(only) };
    let tgt = targets(&readable(ctx, client, tgt_uuid).await?)?;
    let (known, reached) = cmd::reach(ctx, client, &tgt).await?;
    let pairs = reached.parts.iter().flat_map(|part| {
        let cluster = &known[part.cluster].facts.cluster_id;
        part.resolved.minions.iter().map(|minion| (cluster.clone(), minion.minion_id.clone()))
    });
    let unsure = reached.parts.iter().any(|part| !part.resolved.surely);
    let meant = Only::these(pairs);
    if unsure {
        ctx.warn("the server cannot tell of every minion whether the target group means it: those of which it can are shown");
    }
    Ok(meant.and(&only))
}
