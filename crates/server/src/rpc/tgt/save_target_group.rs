//! `tgt.save_target_group`

use raas_api::{
    AccessType,
    tgt::{SaveTargetGroup, SaveTargetGroupParams},
};
use raas_db::{
    Transaction,
    target_group::{self, TargetGroup, Written},
};
use uuid::Uuid;

use super::{SavedGroups, Targets, find, own};
use crate::{
    Ctx, RpcError,
    ledger::wake_targets,
    rpc::{
        Handle,
        cmd::{self, Wish},
        saved,
    },
};

impl Handle for SaveTargetGroup {
    async fn handle(ctx: &Ctx, params: SaveTargetGroupParams) -> Result<Uuid, RpcError> {
        no_pillars(&params)?;
        if let Some(name) = &params.name {
            saved::name(name)?;
        }
        saved::text("desc", params.desc.as_deref())?;
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let before = before(ctx, &tx, &params).await?;
        let name = name(&params, before.as_ref())?;
        let groups = SavedGroups::of(ctx, &tx, &params.tgt).await?.with(name, &params.tgt);
        readable(&params.tgt, &groups)?;
        let tgt = serde_json::to_string(&params.tgt).map_err(|e| RpcError::Internal(e.to_string()))?;
        let kept = before.as_ref().map(|group| group.description.as_str());
        let written = Written {
            tgt_uuid: before.as_ref().map_or_else(|| ctx.state.random.uuid(), |group| group.tgt_uuid),
            name,
            description: params.desc.as_deref().or(kept).unwrap_or_default(),
            tgt: &tgt,
        };
        write(ctx, &tx, &written, before.is_none()).await?;
        wake_targets(&tx).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(written.tgt_uuid)
    }
}

async fn before(
    ctx: &Ctx,
    tx: &Transaction<'_>,
    params: &SaveTargetGroupParams,
) -> Result<Option<TargetGroup>, RpcError> {
    let Some(uuid) = params.tgt_uuid else { return Ok(None) };
    let group = find(ctx, tx, uuid).await?;
    saved::check(ctx, &group.held, AccessType::Write, &format!("the target group {:?}", group.name))?;
    own(&group)?;
    Ok(Some(group))
}

fn name<'a>(params: &'a SaveTargetGroupParams, before: Option<&'a TargetGroup>) -> Result<&'a str, RpcError> {
    params
        .name
        .as_deref()
        .or(before.map(|group| group.name.as_str()))
        .ok_or_else(|| RpcError::invalid("name", "missing", "a name (it may only be left out with tgt_uuid)"))
}

/// Every target in it must be one, and mean somebody in some place.
pub(super) fn readable(tgt: &Targets, groups: &SavedGroups) -> Result<(), RpcError> {
    cmd::places(tgt)?;
    for (place, asked) in tgt {
        Wish::read(place, asked, groups)?;
    }
    Ok(())
}

fn no_pillars(params: &SaveTargetGroupParams) -> Result<(), RpcError> {
    match params.pillar_uuids.as_deref() {
        Some([first, ..]) => Err(RpcError::NotFound(format!(
            "there is no pillar {first}: pillars are not part of this server yet; leave pillar_uuids out"
        ))),
        _ => Ok(()),
    }
}

async fn write(ctx: &Ctx, tx: &Transaction<'_>, written: &Written<'_>, is_new: bool) -> Result<(), RpcError> {
    let taken = || {
        RpcError::Conflict(format!("there is a target group {:?} already: choose another name", written.name))
    };
    let result = if is_new {
        target_group::insert(tx, written, ctx.actor.account_uuid, ctx.now()).await
    } else {
        target_group::update(tx, written, ctx.now()).await
    };
    match result {
        Ok(true) => Ok(()),
        Ok(false) => Err(taken()),
        Err(error) if error.conflict().is_some() => Err(taken()),
        Err(error) => Err(error.into()),
    }
}
