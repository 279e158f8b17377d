//! `tgt.get_target_group`

use std::collections::BTreeMap;

use raas_api::{
    AccessType, Page,
    tgt::{self, GetTargetGroup, GetTargetGroupParams, TargetGroupSort},
};
use raas_db::{
    pattern,
    target_group::{self, Search, TargetGroup},
};

use super::targets;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, saved},
};

impl Handle for GetTargetGroup {
    async fn handle(ctx: &Ctx, params: GetTargetGroupParams) -> Result<Page<tgt::TargetGroup>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        if params.tgt_uuid.is_some() && params.master_id.is_some() {
            return Err(RpcError::Unusable(
                "tgt_uuid and master_id exclude each other: give one of them".to_owned(),
            ));
        }
        // No pillar is attached to any group yet.
        if params.pillar_uuid.is_some() && params.tgt_uuid.is_none() {
            return Ok(Page { count: 0, limit: params.limit, results: Vec::new() });
        }
        let [name, description] = [&params.name, &params.desc]
            .map(|text| text.as_deref().filter(|text| !text.is_empty()).map(pattern::substring));
        let search = match params.tgt_uuid {
            Some(_) => Search { tgt_uuid: params.tgt_uuid, ..Search::default() },
            None => Search {
                tgt_uuid: None,
                master_id: params.master_id.as_deref(),
                role_uuid: params.role_uuid,
                name: name.as_deref(),
                description: description.as_deref(),
                sort_by: match params.sort_by.unwrap_or_default() {
                    TargetGroupSort::Name => "name",
                    TargetGroupSort::Desc => "desc",
                },
                reverse: params.reverse.unwrap_or(false),
                limit: rows.limit,
                offset: rows.offset,
            },
        };
        let client = ctx.state.db.client().await?;
        let (count, found) = target_group::search(&client, saved::viewer(ctx), &search).await?;
        let results = found.iter().map(shown).collect::<Result<_, RpcError>>()?;
        Ok(Page { count, limit: params.limit, results })
    }
}

/// Who may only discover a group does not see whom it means.
fn shown(group: &TargetGroup) -> Result<tgt::TargetGroup, RpcError> {
    let readable = saved::may(&group.held, AccessType::Read);
    let mut metadata = saved::metadata(&group.held)?;
    if group.built_in {
        "internal".clone_into(&mut metadata.auth.owner.username);
    }
    Ok(tgt::TargetGroup {
        uuid: group.tgt_uuid,
        name: group.name.clone(),
        desc: group.description.clone(),
        tgt: if readable { targets(group)? } else { BTreeMap::new() },
        pillars: Vec::new(),
        metadata,
    })
}
