//! `master.get_master_details`: every master once: what was accepted of it, or what it offers.

use std::{cmp::Ordering, collections::BTreeMap};

use raas_api::{
    Page, Presence,
    master::{
        GetMasterDetails, GetMasterDetailsParams, MasterDetails, MasterDetailsSort, MasterGap, PluginStatus,
    },
};
use raas_db::{
    gap::{self, Gap},
    master::{self, Master},
    master_key::{self, MasterKey, Search},
    master_told,
};
use raas_wire::MasterFacts;

use super::{
    gaps_from, pending_from,
    plugins::{self, Recorded},
};
use crate::{
    Ctx, RpcError,
    link::presence,
    rpc::{Handle, page},
};

impl Handle for GetMasterDetails {
    async fn handle(ctx: &Ctx, params: GetMasterDetailsParams) -> Result<Page<MasterDetails>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let mut found: Vec<MasterDetails> =
            all(ctx).await?.into_iter().filter(|one| wanted(one, &params)).collect();
        let order = params.sort_by.unwrap_or_default();
        found.sort_by(|a, b| {
            page::turned(compare(a, b, order), params.reverse).then_with(|| a.master_id.cmp(&b.master_id))
        });
        let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
        Ok(Page { count, limit: params.limit, results: page::cut(&found, rows).to_vec() })
    }
}

async fn all(ctx: &Ctx) -> Result<Vec<MasterDetails>, RpcError> {
    let now = ctx.now();
    let not_before = pending_from(&ctx.state, now);
    let search = Search { state: None, master_id: None, not_before, sort_by: "master_id", reverse: false };
    let client = ctx.state.db.client().await?;
    let masters = master::list(&client).await?;
    let gaps = gap::recent(&client, gaps_from(now)).await?;
    let recorded = master_told::plugins(&client).await?;
    // Of each master the newest key comes first.
    let mut offered: BTreeMap<String, MasterKey> = BTreeMap::new();
    for key in master_key::search(&client, &search).await? {
        offered.entry(key.master_id.clone()).or_insert(key);
    }
    for master in &masters {
        offered.remove(&master.master_id);
    }
    let mut all: Vec<MasterDetails> =
        masters.iter().map(|master| accepted(ctx, master, (&gaps, &recorded))).collect();
    all.extend(offered.values().map(waiting));
    Ok(all)
}

fn accepted(ctx: &Ctx, master: &Master, (gaps, recorded): (&[Gap], &Recorded)) -> MasterDetails {
    let verdict = presence::of_master(&ctx.state, master, ctx.now());
    let of_it = gaps.iter().filter(|gap| gap.master_uuid == master.master_uuid);
    let told = master.last_call_at.is_some();
    let (plugin_status, record) = plugins::of(recorded, master, verdict.presence);
    MasterDetails {
        state: master.key_state,
        state_reason: master.key_reason.clone(),
        cluster_id: master.cluster_id.clone(),
        kind: master.kind.into(),
        plugin_status,
        last_update_jid: record.and_then(|record| record.last_update_jid.clone()),
        presence_status: verdict.presence,
        presence_reason: verdict.reason,
        last_seen: master.last_call_at,
        uuid: Some(master.master_uuid),
        clock_skew_ms: told.then_some(master.clock_skew_ms),
        spool_records: told.then_some(master.spool_records),
        spool_oldest_s: told.then_some(master.spool_oldest_s),
        connections: master.connections,
        gaps: of_it.map(shown).collect(),
        ..bare(&master.master_id, &master.fingerprint, &master.facts)
    }
}

/// A master that offers a key, and is none yet.
fn waiting(key: &MasterKey) -> MasterDetails {
    MasterDetails {
        state: key.state,
        cluster_id: key.cluster().to_owned(),
        kind: key.kind.into(),
        plugin_status: plugins::by_version(&key.facts.plugin_version, Presence::Unknown),
        presence_reason: format!("its key is {}", key.state.as_str()),
        last_seen: Some(key.last_seen_at),
        state_reason: key.reason.clone(),
        ..bare(&key.master_id, &key.fingerprint, &key.facts)
    }
}

/// What a master says of itself.
fn bare(master_id: &str, fingerprint: &str, facts: &MasterFacts) -> MasterDetails {
    let facts = facts.clone();
    MasterDetails {
        master_id: master_id.to_owned(),
        state: raas_api::MasterKeyState::Pending,
        state_reason: String::new(),
        cluster_id: master_id.to_owned(),
        kind: raas_api::cluster::Kind::Single,
        salt_version: facts.salt_version,
        plugin_version: Some(facts.plugin_version).filter(|version| !version.is_empty()),
        plugin_status: PluginStatus::CannotUpdateReasonUnknown,
        last_update_jid: None,
        presence_status: Presence::Unknown,
        presence_reason: String::new(),
        last_seen: None,
        uuid: None,
        fingerprint: fingerprint.to_owned(),
        host: facts.host,
        transport: facts.transport,
        salt_key_fingerprint: facts.salt_key_fingerprint,
        signing_key_fingerprint: facts.signing_key_fingerprint,
        clock_skew_ms: None,
        spool_records: None,
        spool_oldest_s: None,
        connections: None,
        gaps: Vec::new(),
    }
}

fn shown(gap: &Gap) -> MasterGap {
    MasterGap { from: gap.started_at, to: gap.ended_at, count: gap.count, why: gap.why.clone() }
}

fn wanted(one: &MasterDetails, params: &GetMasterDetailsParams) -> bool {
    page::fits(params.master_id.as_deref(), Some(&one.master_id))
        && page::fits(params.cluster_id.as_deref(), Some(&one.cluster_id))
        && page::fits(params.plugin_version.as_deref(), one.plugin_version.as_deref())
        && page::fits(params.salt_version.as_deref(), one.salt_version.as_deref())
        && params.state.is_none_or(|state| state == one.state)
        && params.status.is_none_or(|status| status == one.presence_status)
        && params.plugin_status.as_ref().is_none_or(|all| all.contains(&one.plugin_status))
}

fn compare(a: &MasterDetails, b: &MasterDetails, order: MasterDetailsSort) -> Ordering {
    match order {
        MasterDetailsSort::MasterId => a.master_id.cmp(&b.master_id),
        MasterDetailsSort::ClusterId => a.cluster_id.cmp(&b.cluster_id),
        MasterDetailsSort::State => a.state.as_str().cmp(b.state.as_str()),
        MasterDetailsSort::Status => a.presence_status.as_str().cmp(b.presence_status.as_str()),
        MasterDetailsSort::LastSeen => a.last_seen.cmp(&b.last_seen),
        MasterDetailsSort::PluginVersion => a.plugin_version.cmp(&b.plugin_version),
        MasterDetailsSort::SaltVersion => a.salt_version.cmp(&b.salt_version),
    }
}
