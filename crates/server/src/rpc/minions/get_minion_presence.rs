//! `minions.get_minion_presence`: which minions are there, on which master, and how we know.

use raas_api::{
    Page, Presence,
    minions::{GetMinionPresence, GetMinionPresenceParams, MinionPresence, MinionPresenceSort},
};
use raas_db::{
    minion::{self, Present, Search},
    pattern,
};

use super::present;
use crate::{
    Ctx, RpcError,
    link::presence,
    rpc::{Handle, page, words},
};

impl Handle for GetMinionPresence {
    async fn handle(ctx: &Ctx, params: GetMinionPresenceParams) -> Result<Page<MinionPresence>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let globs =
            [&params.minion_id, &params.ipv4, &params.host].map(|text| text.as_deref().map(pattern::glob));
        let [minion_id, ipv4, host] = globs.each_ref().map(Option::as_deref);
        let separate = params.separate_master_cluster_ids.unwrap_or(false);
        let search = Search {
            entity: params.master_id.as_deref(),
            cluster_id: params.cluster_id.as_deref(),
            minion_id,
            status: params.status.map(Presence::as_str),
            ipv4,
            host,
            separate,
            sort_by: match params.sort_by.unwrap_or_default() {
                MinionPresenceSort::Minion => "minion",
                MinionPresenceSort::Master => "master",
                MinionPresenceSort::Status => "status",
                MinionPresenceSort::Timestamp => "timestamp",
            },
            reverse: params.reverse,
            limit: params.limit,
            offset: rows.offset,
        };
        let client = ctx.state.db.client().await?;
        let masters = present(ctx, &client).await?;
        let fresh = presence::fresh(&ctx.state, &masters, ctx.now());
        let (count, found) = minion::presence(&client, fresh, &search).await?;
        let results = found.into_iter().map(|one| shown(ctx, one, separate)).collect::<Result<_, _>>()?;
        Ok(Page { count, limit: params.limit, results })
    }
}

fn shown(ctx: &Ctx, one: Present, separate: bool) -> Result<MinionPresence, RpcError> {
    Ok(MinionPresence {
        minion: one.minion_id,
        master: if separate { one.master_id } else { Some(one.cluster_id.clone()) },
        status: words::read(&one.status, Presence::from_word)?,
        timestamp: one.seen_at,
        cluster_id: one.cluster_id,
        evidence: one.evidence,
        age_s: one.seen_at.map(|at| ctx.now().duration_since(at).as_secs().max(0)),
    })
}
