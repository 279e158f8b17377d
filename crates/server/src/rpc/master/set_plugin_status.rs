//! `master.set_plugin_status`: what became of an update of a plugin.

use raas_api::master::{SetPluginStatus, SetPluginStatusParams};
use raas_db::master_told::{self, Plugin};

use super::{find, tell};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for SetPluginStatus {
    async fn handle(ctx: &Ctx, params: SetPluginStatusParams) -> Result<bool, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let master = find::named(&tx, Some(&params.master_id), None).await?;
        let plugin = Plugin {
            status: params.status.as_str().to_owned(),
            last_update_jid: params.last_update_jid.map(String::from),
            log_messages: params.log_messages,
            plugin_version: master.facts.plugin_version,
        };
        master_told::save_plugin(&tx, master.master_uuid, &plugin, ctx.now()).await?;
        tell(&ctx.state, &tx, &master.cluster_id).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
