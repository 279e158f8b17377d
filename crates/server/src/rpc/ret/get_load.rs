//! `ret.get_load`: what one master was given to publish.

use raas_api::{
    Permission,
    ret::{GetLoad, GetLoadParams, Load},
};
use raas_db::{command, delivery, routing};
use raas_wire::{RunClient, Work};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, words},
    scope,
};

impl Handle for GetLoad {
    async fn handle(ctx: &Ctx, params: GetLoadParams) -> Result<Load, RpcError> {
        let client = ctx.state.db.client().await?;
        let GetLoadParams { master_id, jid } = params;
        let unknown = || RpcError::NotFound(format!("jid {jid} was not given to master {master_id:?}"));
        let only = scope::minions(ctx, &client, Permission::CmdRead).await?;
        if command::seen(&client, vec![jid.to_string()], &only).await?.is_empty() {
            return Err(unknown());
        }
        let command = command::get(&client, jid.as_str()).await?.ok_or_else(unknown)?;
        let names = [master_id.clone()];
        let masters = routing::masters(&client, Some(&names), false, ctx.now()).await?;
        let master = masters.iter().find(|m| m.master_id == master_id).map(|m| m.master_uuid);
        let deliveries = delivery::by_jid(&client, &[jid.to_string()]).await?;
        let given = deliveries
            .iter()
            .filter(|d| Some(d.master_uuid) == master)
            .find_map(|d| serde_json::from_str::<Work>(&d.payload).ok());
        let (cmd, arg, tgt, tgt_type) = match given {
            Some(Work::Publish(work)) => ("publish", work.arg.value(), work.tgt.value(), Some(work.tgt_type)),
            Some(Work::Run(work)) => {
                let cmd = if work.client == RunClient::Runner { "runner" } else { "wheel" };
                (
                    cmd,
                    serde_json::json!({"arg": work.arg, "kwarg": work.kwarg}),
                    serde_json::Value::Null,
                    None,
                )
            }
            // Somebody else published it: what the master told of it.
            _ if command.source == "salt" => {
                ("publish", words::json(&command.arg), words::json(&command.tgt), None)
            }
            _ => return Err(unknown()),
        };
        Ok(Load { cmd: cmd.to_owned(), fun: command.fun, arg, tgt, tgt_type, jid, user: command.user_name })
    }
}
