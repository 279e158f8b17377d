//! `minions.get_minion_presence`: which minions are there, on which master, and how we know.

use std::collections::BTreeMap;

use jiff::Timestamp;
use raas_api::{
    Page, Permission, Presence,
    minions::{GetMinionPresence, GetMinionPresenceParams, MinionLink, MinionPresence, MinionPresenceSort},
};
use raas_cluster::presence::LinkEvidence;
use raas_db::{
    Client, link,
    minion::{self, PresenceOrder, Present, Search},
    pattern,
};
use uuid::Uuid;

use super::present;
use crate::{
    Ctx, RpcError,
    link::presence,
    rpc::{Handle, page, words},
    scope,
};

impl Handle for GetMinionPresence {
    async fn handle(ctx: &Ctx, params: GetMinionPresenceParams) -> Result<Page<MinionPresence>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let globs = [&params.minion_id, &params.host].map(|text| text.as_deref().map(pattern::glob));
        let [minion_id, host] = globs.each_ref().map(Option::as_deref);
        let ipv4 = params.ipv4.as_deref().map(pattern::member);
        let separate = params.separate_master_cluster_ids.unwrap_or(false);
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::MinionRead).await?;
        let search = Search {
            entity: params.master_id.as_deref(),
            cluster_id: params.cluster_id.as_deref(),
            minion_id,
            status: params.status.map(Presence::as_str),
            ipv4: ipv4.as_ref().map(|(like, regex)| (like.as_str(), regex.as_deref())),
            host,
            order: (order(params.sort_by.unwrap_or_default(), separate), params.reverse),
            limit: params.limit,
            offset: rows.offset,
            only: &only,
        };
        let masters = present(ctx, &client).await?;
        let fresh = presence::fresh(&ctx.state, &masters, ctx.now());
        let (count, found) = minion::presence(&client, fresh, &search).await?;
        let mut results: Vec<MinionPresence> =
            found.into_iter().map(|one| shown(ctx, one, separate)).collect::<Result<_, _>>()?;
        if params.include_links.unwrap_or(false) {
            add_links(ctx, &client, &masters, &mut results).await?;
        }
        Ok(Page { count, limit: params.limit, results })
    }
}

/// `separate`: masters stand for themselves, not for their cluster.
fn order(sort: MinionPresenceSort, separate: bool) -> PresenceOrder {
    match sort {
        MinionPresenceSort::Minion => PresenceOrder::Minion,
        MinionPresenceSort::Master if separate => PresenceOrder::Master,
        MinionPresenceSort::Master => PresenceOrder::Cluster,
        MinionPresenceSort::Status => PresenceOrder::Status,
        MinionPresenceSort::Timestamp => PresenceOrder::Timestamp,
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
        age_s: one.seen_at.map(|at| age_s(ctx, at)),
        links: None,
    })
}

fn age_s(ctx: &Ctx, at: Timestamp) -> i64 {
    ctx.now().duration_since(at).as_secs().max(0)
}

/// What every master saw of these minions.
async fn add_links(
    ctx: &Ctx,
    client: &Client,
    present: &[Uuid],
    minions: &mut [MinionPresence],
) -> Result<(), RpcError> {
    let pairs: Vec<(&str, &str)> =
        minions.iter().map(|one| (one.cluster_id.as_str(), one.minion.as_str())).collect();
    let mut links: BTreeMap<(String, String), Vec<MinionLink>> = BTreeMap::new();
    for one in link::presence(client, &pairs).await? {
        let evidence = LinkEvidence {
            seen_at: one.seen_at,
            silent_at: one.silent_at,
            master_present: present.contains(&one.master_uuid),
            left_at: one.left_at,
        };
        links.entry((one.cluster_id, one.minion_id)).or_default().push(MinionLink {
            master_id: one.master_id,
            status: presence::of_link(&ctx.state, &evidence, ctx.now()),
            timestamp: one.seen_at,
            evidence: one.evidence,
            age_s: one.seen_at.map(|at| age_s(ctx, at)),
        });
    }
    for one in minions {
        let key = (one.cluster_id.clone(), one.minion.clone());
        one.links = Some(links.remove(&key).unwrap_or_default());
    }
    Ok(())
}
