//! `minions.get_minion_details`: minions with their grains, searched by grains.

use raas_api::{
    Page, Permission, Presence,
    minions::{GetMinionDetails, GetMinionDetailsParams, MinionDetails},
};
use raas_db::{
    minion::{self, Detail, DetailSearch},
    pattern,
};
use serde_json::{Map, Value};

use super::present;
use crate::{
    Ctx, RpcError,
    link::presence,
    rpc::{Handle, page, tgt, words},
    scope,
};

impl Handle for GetMinionDetails {
    async fn handle(ctx: &Ctx, params: GetMinionDetailsParams) -> Result<Page<MinionDetails>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        if let Some(file) = &params.response_file {
            let expected = "null: this server makes no file to download; page through the list instead";
            return Err(RpcError::invalid("response_file", format!("{file:?}"), expected));
        }
        let exact = params.exact_match.unwrap_or(false);
        let like = |text: &Option<String>| text.as_deref().map(|text| likeness(text, exact));
        let (entity, minion_id) = (like(&params.master_id), like(&params.minion_id));
        let is_trait = |value: &Value| value.is_string() || value.is_boolean();
        let (traits, others): (Map<_, _>, Map<_, _>) =
            params.grains.unwrap_or_default().into_iter().partition(|(_, value)| is_trait(value));
        let [traits, grains] = [traits, others].map(|asked| {
            Some(asked).filter(|asked| !asked.is_empty()).map(|asked| Value::Object(asked).to_string())
        });
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::MinionRead).await?;
        let (only, group) = tgt::narrowed(ctx, &client, params.tgt_uuid, only).await?;
        let search = DetailSearch {
            entity: entity.as_deref(),
            minion_id: minion_id.as_deref(),
            traits: traits.as_deref(),
            grains: grains.as_deref(),
            sort_by: params.sort_by.as_deref(),
            reverse: params.reverse.unwrap_or(false),
            limit: params.limit,
            offset: rows.offset,
            only: &only,
            group,
        };
        let masters = present(ctx, &client).await?;
        let fresh = presence::fresh(&ctx.state, &masters, ctx.now());
        let (count, found) = minion::details(&client, fresh, &search).await?;
        let results = found.into_iter().map(shown).collect::<Result<_, _>>()?;
        Ok(Page { count, limit: params.limit, results })
    }
}

/// The whole id, a glob, or a part of it.
fn likeness(text: &str, exact: bool) -> String {
    match text {
        _ if exact => pattern::exact(text),
        glob if glob.contains(['*', '?']) => pattern::glob(glob),
        part => pattern::substring(part),
    }
}

fn shown(found: Detail) -> Result<MinionDetails, RpcError> {
    let grains = match found.grains.as_deref().map(words::json) {
        Some(Value::Object(grains)) => grains,
        _ => Map::new(),
    };
    Ok(MinionDetails {
        minion_id: found.minion_id,
        master_id: found.master_id,
        cluster_id: found.cluster_id,
        status: words::read(&found.status, Presence::from_word)?,
        last_seen: found.seen_at,
        grains,
        alter_time: found.grains_at,
    })
}
