//! `schedule.update`

use raas_api::{
    AccessType, CommandKind,
    schedule::{Update, UpdateParams},
};
use raas_db::schedule::Written;
use uuid::Uuid;

use super::{locked, write};
use crate::{Ctx, RpcError, rpc::Handle};

/// What can be taken away.
const FIELDS: &[&str] = &["masters", "cmd", "arg", "tgt", "tgt_uuid", "job_uuid", "fun"];

impl Handle for Update {
    async fn handle(ctx: &Ctx, params: UpdateParams) -> Result<Uuid, RpcError> {
        let Some(uuid) = params.uuid else {
            return Err(RpcError::invalid("uuid", "missing", "the schedule to change"));
        };
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let before = locked(ctx, &tx, uuid, AccessType::Write).await?;
        tx.rollback().await?;
        let row = changed(without(before, params.delete_fields.as_deref())?, params)?;
        write(ctx, &mut client, row, false).await
    }
}

fn without(mut row: Written, fields: Option<&[String]>) -> Result<Written, RpcError> {
    for field in fields.unwrap_or_default() {
        match field.as_str() {
            "masters" => row.masters = None,
            "cmd" => row.cmd = None,
            "arg" => row.arg = None,
            "tgt" => row.tgt = None,
            "tgt_uuid" => row.tgt_uuid = None,
            "job_uuid" => row.job_uuid = None,
            "fun" => row.fun = None,
            other => {
                let expected = format!("some of {}", FIELDS.join(", "));
                return Err(RpcError::invalid("delete_fields", format!("{other:?}"), expected));
            }
        }
    }
    Ok(row)
}

/// What is given, over what was there. A target replaces a target group, and the other way round.
fn changed(before: Written, params: UpdateParams) -> Result<Written, RpcError> {
    fn json<T: serde::Serialize>(value: Option<T>) -> Result<Option<String>, RpcError> {
        let text = value.map(|value| serde_json::to_string(&value)).transpose();
        text.map_err(|error| RpcError::Internal(error.to_string()))
    }
    let (new_tgt, new_group) = (json(params.tgt)?, params.tgt_uuid);
    let kept_tgt = before.tgt.filter(|_| new_group.is_none());
    let kept_group = before.tgt_uuid.filter(|_| new_tgt.is_none());
    Ok(Written {
        name: params.name.unwrap_or(before.name),
        function: params.function.unwrap_or(before.function),
        schedule: json(params.schedule)?.unwrap_or(before.schedule),
        enabled: params.enabled.unwrap_or(before.enabled),
        job_uuid: params.job_uuid.or(before.job_uuid),
        cmd: params.cmd.map(CommandKind::as_str).map(str::to_owned).or(before.cmd),
        fun: params.fun.or(before.fun),
        arg: json(params.arg)?.or(before.arg),
        tgt_uuid: new_group.or(kept_group),
        tgt: new_tgt.or(kept_tgt),
        masters: params.masters.filter(|masters| !masters.is_empty()).or(before.masters),
        ..before
    })
}
