//! Saved things that a command names: what they stand for, and what is remembered of them with the command.

use raas_api::{Permission, cmd::RouteCmdParams};
use raas_db::{Client, command, target_group::TargetGroup};
use uuid::Uuid;

use crate::{Ctx, RpcError, rpc::tgt};

/// Where a command comes from, when it is not only its own words.
#[derive(Clone, Debug, Default)]
pub(in crate::rpc) struct Origin {
    /// A saved target group.
    pub(in crate::rpc) group: Option<Named>,
}

/// A saved thing, as it was called then.
#[derive(Clone, Debug)]
pub(in crate::rpc) struct Named {
    pub(in crate::rpc) uuid: Uuid,
    pub(in crate::rpc) name: String,
}

impl Origin {
    /// As the command remembers it.
    pub(super) fn row(&self) -> command::Origin {
        let (tgt_uuid, tgt_name) = split(self.group.as_ref());
        command::Origin { tgt_uuid, tgt_name, ..command::Origin::default() }
    }
}

fn split(named: Option<&Named>) -> (Option<Uuid>, Option<String>) {
    named.map(|one| (one.uuid, one.name.clone())).unzip()
}

/// Parameters with what the saved things of them stand for.
pub(super) async fn fill(
    ctx: &Ctx,
    client: &Client,
    mut params: RouteCmdParams,
) -> Result<(RouteCmdParams, Origin), RpcError> {
    let mut origin = Origin::default();
    if let Some(uuid) = params.tgt_uuid.take() {
        if params.tgt.is_some() {
            return Err(RpcError::Unusable(
                "tgt and tgt_uuid exclude each other: give one of them".to_owned(),
            ));
        }
        let group = tgt::readable(ctx, client, uuid).await?;
        everybody(ctx, &group).await?;
        params.tgt = Some(tgt::targets(&group)?);
        origin.group = Some(Named { uuid, name: group.name });
    }
    Ok((params, origin))
}

/// The group of all minions wants a permission of its own.
async fn everybody(ctx: &Ctx, group: &TargetGroup) -> Result<(), RpcError> {
    if !group.built_in {
        return Ok(());
    }
    ctx.needs(Permission::TargetAllminionsRun, &format!("run on the target group {:?}", group.name)).await
}
