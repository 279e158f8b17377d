//! `schedule.save`

use raas_api::{
    AccessType, CommandKind,
    schedule::{Save, SaveParams},
};
use raas_db::schedule::Written;
use uuid::Uuid;

use super::{locked, write};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for Save {
    async fn handle(ctx: &Ctx, params: SaveParams) -> Result<Uuid, RpcError> {
        let mut client = ctx.state.db.client().await?;
        if let Some(uuid) = params.uuid {
            let tx = client.transaction().await?;
            locked(ctx, &tx, uuid, AccessType::Write).await?;
            tx.rollback().await?;
        }
        let is_new = params.uuid.is_none();
        let row = row(ctx, params)?;
        write(ctx, &mut client, row, is_new).await
    }
}

fn row(ctx: &Ctx, params: SaveParams) -> Result<Written, RpcError> {
    let json = |value: Result<String, serde_json::Error>| {
        value.map_err(|error| RpcError::Internal(error.to_string()))
    };
    Ok(Written {
        sched_uuid: params.uuid.unwrap_or_else(|| ctx.state.random.uuid()),
        name: params.name,
        function: params.function,
        schedule: json(serde_json::to_string(&params.schedule))?,
        enabled: params.enabled,
        job_uuid: params.job_uuid,
        cmd: params.cmd.map(CommandKind::as_str).map(str::to_owned),
        fun: params.fun,
        arg: params.arg.map(|arg| json(serde_json::to_string(&arg))).transpose()?,
        tgt_uuid: params.tgt_uuid,
        tgt: params.tgt.map(|tgt| json(serde_json::to_string(&tgt))).transpose()?,
        masters: params.masters.filter(|masters| !masters.is_empty()),
        owner_uuid: None,
        changed_at: ctx.now(),
        next_at: None,
    })
}
