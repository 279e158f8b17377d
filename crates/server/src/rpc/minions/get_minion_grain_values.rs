//! `minions.get_minion_grain_values`: which values one grain has.

use raas_api::{
    Permission,
    minions::{GetMinionGrainValues, GetMinionGrainValuesParams},
};
use raas_db::{minion, pattern};
use serde_json::Value;

use crate::{
    Ctx, RpcError,
    rpc::{Handle, tgt, words},
    scope,
};

impl Handle for GetMinionGrainValues {
    async fn handle(ctx: &Ctx, params: GetMinionGrainValuesParams) -> Result<Vec<Value>, RpcError> {
        let minion_id = params.minion_id.as_deref().map(pattern::glob);
        let client = ctx.state.db.client().await?;
        let entity = params.master_id.as_deref();
        let only = scope::minions(ctx, &client, Permission::MinionRead).await?;
        let (only, group) = tgt::narrowed(ctx, &client, params.tgt_uuid, only).await?;
        let values =
            minion::grain_values(&client, &params.key, entity, minion_id.as_deref(), (&only, group)).await?;
        Ok(values.iter().map(|text| words::json(text)).collect())
    }
}
