//! `minions.get_minion_grain_keys`: which grains there are.

use raas_api::{
    Permission,
    minions::{GetMinionGrainKeys, GetMinionGrainKeysParams},
};
use raas_db::{minion, pattern};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, tgt},
    scope,
};

impl Handle for GetMinionGrainKeys {
    async fn handle(ctx: &Ctx, params: GetMinionGrainKeysParams) -> Result<Vec<String>, RpcError> {
        let minion_id = params.minion_id.as_deref().map(pattern::glob);
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::MinionRead).await?;
        let (only, group) = tgt::narrowed(ctx, &client, params.tgt_uuid, only).await?;
        Ok(minion::grain_keys(&client, params.master_id.as_deref(), minion_id.as_deref(), (&only, group))
            .await?)
    }
}
