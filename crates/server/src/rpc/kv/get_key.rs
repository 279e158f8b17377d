//! `kv.get_key`

use raas_api::kv::{GetKey, KeyParams};
use raas_db::kv;
use serde_json::Value;

use super::key;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, words},
};

impl Handle for GetKey {
    async fn handle(ctx: &Ctx, params: KeyParams) -> Result<Value, RpcError> {
        let client = ctx.state.db.client().await?;
        let found = kv::get(&client, ctx.actor.account_uuid, key(&params.key)?).await?;
        Ok(found.map_or(Value::Null, |text| words::json(&text)))
    }
}
