//! `ret.get_minions`: minions with an accepted key, by master.

use std::collections::BTreeMap;

use raas_api::{
    Permission,
    ret::{GetMinions, GetMinionsParams},
};
use raas_db::routing;

use crate::{Ctx, RpcError, rpc::Handle, scope};

impl Handle for GetMinions {
    async fn handle(ctx: &Ctx, _: GetMinionsParams) -> Result<BTreeMap<String, Vec<String>>, RpcError> {
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::MinionRead).await?;
        Ok(routing::accepted(&client, &only).await?.into_iter().collect())
    }
}
