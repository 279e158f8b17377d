//! `master.get_plugin_status`: the plugins of accepted masters.

use std::cmp::Ordering;

use raas_api::{
    Page,
    master::{GetPluginStatus, GetPluginStatusParams, MasterPlugin, PluginStatusSort},
};
use raas_db::{
    master::{self, Master},
    master_told,
};

use super::plugins::{self, Recorded};
use crate::{
    Ctx, RpcError,
    link::presence,
    rpc::{Handle, page},
};

impl Handle for GetPluginStatus {
    async fn handle(ctx: &Ctx, params: GetPluginStatusParams) -> Result<Page<MasterPlugin>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let client = ctx.state.db.client().await?;
        let recorded = master_told::plugins(&client).await?;
        let masters = master::list(&client).await?;
        let mut found: Vec<MasterPlugin> = masters
            .iter()
            .filter(|master| master.is_accepted())
            .map(|master| shown(ctx, &recorded, master))
            .filter(|one| wanted(one, &params))
            .collect();
        let order = params.sort_by.unwrap_or_default();
        found.sort_by(|a, b| {
            page::turned(compare(a, b, order), params.reverse).then_with(|| a.master_id.cmp(&b.master_id))
        });
        let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
        Ok(Page { count, limit: params.limit, results: page::cut(&found, rows).to_vec() })
    }
}

fn shown(ctx: &Ctx, recorded: &Recorded, master: &Master) -> MasterPlugin {
    let status = presence::of_master(&ctx.state, master, ctx.now()).presence;
    let (plugin_status, record) = plugins::of(recorded, master, status);
    MasterPlugin {
        master_id: master.master_id.clone(),
        cluster_id: master.cluster_id.clone(),
        status,
        last_seen: master.last_call_at,
        plugin_version: Some(master.facts.plugin_version.clone()).filter(|version| !version.is_empty()),
        plugin_status,
        last_update_jid: record.and_then(|record| record.last_update_jid.clone()),
        log_messages: record.and_then(|record| record.log_messages.clone()),
    }
}

fn wanted(one: &MasterPlugin, params: &GetPluginStatusParams) -> bool {
    page::fits(params.master_id.as_deref(), Some(&one.master_id))
        && page::fits(params.cluster_id.as_deref(), Some(&one.cluster_id))
        && params.plugin_status.as_ref().is_none_or(|all| all.contains(&one.plugin_status))
}

fn compare(a: &MasterPlugin, b: &MasterPlugin, order: PluginStatusSort) -> Ordering {
    match order {
        PluginStatusSort::MasterId => a.master_id.cmp(&b.master_id),
        PluginStatusSort::ClusterId => a.cluster_id.cmp(&b.cluster_id),
        PluginStatusSort::PluginStatus => a.plugin_status.as_str().cmp(b.plugin_status.as_str()),
        PluginStatusSort::LastSeen => a.last_seen.cmp(&b.last_seen),
    }
}
