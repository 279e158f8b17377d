//! `minions.get_minion_cache`: grains as the masters know them.

use raas_api::{
    Permission,
    minions::{GetMinionCache, GetMinionCacheParams, MinionCache, MinionCacheSort},
};
use raas_db::{
    minion::{self, CacheSearch},
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
        let only = tgt::within(ctx, &client, params.tgt_uuid, only).await?;
        let search = CacheSearch {
            entity: params.master_id.as_deref(),
            minion_id: minion_id.as_deref(),
            sort_by: word(params.sort_by.unwrap_or_default()),
            reverse: params.reverse,
            limit: params.limit,
            offset: rows.offset,
            only: &only,
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

fn word(order: MinionCacheSort) -> &'static str {
    match order {
        MinionCacheSort::AlterTime => "alter_time",
        MinionCacheSort::Minion => "minion",
        MinionCacheSort::Master => "master",
        MinionCacheSort::Saltversion => "saltversion",
        MinionCacheSort::Osfullname => "osfullname",
        MinionCacheSort::Ipv4 => "ipv4",
        MinionCacheSort::Ipv6 => "ipv6",
        MinionCacheSort::Presence => "presence",
    }
}
