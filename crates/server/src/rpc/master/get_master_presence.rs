//! `master.get_master_presence`: which masters are there, and why we think so.

use std::cmp::Ordering;

use raas_api::{
    Page, Presence,
    master::{GetMasterPresence, GetMasterPresenceParams, MasterPresence, MasterPresenceSort},
};
use raas_db::master::{self, Master};

use crate::{
    Ctx, RpcError,
    link::presence,
    rpc::{Handle, page},
};

impl Handle for GetMasterPresence {
    async fn handle(ctx: &Ctx, params: GetMasterPresenceParams) -> Result<Page<MasterPresence>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let client = ctx.state.db.client().await?;
        let masters = master::list(&client).await?;
        let mut found: Vec<MasterPresence> = masters
            .iter()
            .filter(|master| {
                master.is_accepted()
                    && page::fits(params.master_id.as_deref(), Some(&master.master_id))
                    && page::fits(params.cluster_id.as_deref(), Some(&master.cluster_id))
            })
            .map(|master| shown(ctx, master))
            .filter(|one| params.status.is_none_or(|status| status == one.status))
            .collect();
        let order = params.sort_by.unwrap_or_default();
        found.sort_by(|a, b| {
            page::turned(compare(a, b, order), params.reverse).then_with(|| a.master_id.cmp(&b.master_id))
        });
        let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
        Ok(Page { count, limit: params.limit, results: page::cut(&found, rows).to_vec() })
    }
}

fn shown(ctx: &Ctx, master: &Master) -> MasterPresence {
    let now = ctx.now();
    let verdict = presence::of_master(&ctx.state, master, now);
    MasterPresence {
        uuid: master.master_uuid,
        master_id: master.master_id.clone(),
        cluster_id: master.cluster_id.clone(),
        last_seen: master.last_call_at,
        status: verdict.presence,
        reason: verdict.reason,
        age_s: master.last_call_at.map(|at| now.duration_since(at).as_secs().max(0)),
    }
}

fn compare(a: &MasterPresence, b: &MasterPresence, order: MasterPresenceSort) -> Ordering {
    match order {
        MasterPresenceSort::MasterId => a.master_id.cmp(&b.master_id),
        MasterPresenceSort::ClusterId => a.cluster_id.cmp(&b.cluster_id),
        MasterPresenceSort::Status => Presence::as_str(a.status).cmp(b.status.as_str()),
        MasterPresenceSort::LastSeen => a.last_seen.cmp(&b.last_seen),
    }
}
