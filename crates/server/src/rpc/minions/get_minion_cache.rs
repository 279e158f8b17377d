//! `minions.get_minion_cache`: grains as the masters know them.

use raas_api::{
    Permission,
    minions::{GetMinionCache, GetMinionCacheParams, MinionCache, MinionCacheSort},
};
use raas_db::{
    minion::{self, CacheOrder, CacheSearch},
    pattern,
};
use serde_json::{Map, Value, json};

use super::present;
use crate::{
    Ctx, RpcError,
    link::presence,
    rpc::{Handle, page, tgt, words},
    scope,
};

impl Handle for GetMinionCache {
    async fn handle(ctx: &Ctx, params: GetMinionCacheParams) -> Result<MinionCache, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let minion_id = params.minion_id.as_deref().map(pattern::glob);
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::MinionRead).await?;
        let (only, group) = tgt::narrowed(ctx, &client, params.tgt_uuid, only).await?;
        let search = CacheSearch {
            entity: params.master_id.as_deref(),
            minion_id: minion_id.as_deref(),
            order: (order(params.sort_by.unwrap_or_default()), params.reverse),
            limit: params.limit,
            offset: rows.offset,
            only: &only,
            group,
        };
        let masters = present(ctx, &client).await?;
        let fresh = presence::fresh(&ctx.state, &masters, ctx.now());
        let mut cache = Map::new();
        for (cluster_id, minion_id, grains) in minion::cache(&client, fresh, &search).await? {
            let of_cluster = cache.entry(cluster_id).or_insert_with(|| Value::Object(Map::new()));
            of_cluster[minion_id] = json!({"grains": words::json(&grains)});
        }
        Ok(MinionCache(cache))
    }
}

fn order(sort: MinionCacheSort) -> CacheOrder {
    match sort {
        MinionCacheSort::AlterTime => CacheOrder::AlterTime,
        MinionCacheSort::Minion => CacheOrder::Minion,
        MinionCacheSort::Master => CacheOrder::Master,
        MinionCacheSort::Saltversion => CacheOrder::Saltversion,
        MinionCacheSort::Osfullname => CacheOrder::Osfullname,
        MinionCacheSort::Ipv4 => CacheOrder::Ipv4,
        MinionCacheSort::Ipv6 => CacheOrder::Ipv6,
        MinionCacheSort::Presence => CacheOrder::Presence,
    }
}
