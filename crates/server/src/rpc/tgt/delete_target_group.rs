//! `tgt.delete_target_group`

use std::collections::BTreeMap;

use raas_api::{
    AccessType, Permission,
    tgt::{DeleteTargetGroup, DeleteTargetGroupParams},
};
use raas_db::{
    Session, saved as db_saved,
    saved::Viewer,
    target_group::{self, Search, TargetGroup},
};
use uuid::Uuid;

use super::{find, names, own, targets};
use crate::{
    Ctx, RpcError,
    ledger::wake_targets,
    rpc::{Handle, saved},
};

impl Handle for DeleteTargetGroup {
    async fn handle(ctx: &Ctx, params: DeleteTargetGroupParams) -> Result<bool, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let mut groups = Vec::new();
        for uuid in params.tgt_uuid.all() {
            let group = find(ctx, &tx, *uuid).await?;
            saved::check(
                ctx,
                &group.held,
                AccessType::Delete,
                &format!("the target group {:?}", group.name),
            )?;
            own(&group)?;
            groups.push(group);
        }
        let uuids: Vec<Uuid> = groups.iter().map(|group| group.tgt_uuid).collect();
        let dependents = dependents(&tx, &groups).await?;
        let kinds: BTreeMap<&str, Vec<String>> = dependents;
        if !kinds.is_empty() && params.force != Some(true) {
            return Err(RpcError::depended(&called(&groups), &kinds));
        }
        if kinds.contains_key("schedule") {
            ctx.needs(Permission::ScheduleDelete, "delete the schedules that run on a target group").await?;
            let gone = target_group::delete_schedules(&tx, &uuids).await?;
            db_saved::forget_access(&tx, &gone).await?;
        }
        target_group::delete(&tx, &uuids).await?;
        db_saved::forget_access(&tx, &uuids).await?;
        wake_targets(&tx).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn called(groups: &[TargetGroup]) -> String {
    let names: Vec<String> = groups.iter().map(|group| format!("{:?}", group.name)).collect();
    format!("the target group {}", names.join(", "))
}

/// By kind, what depends on these groups; other groups that name one of them count, too.
async fn dependents(
    tx: &impl Session,
    groups: &[TargetGroup],
) -> Result<BTreeMap<&'static str, Vec<String>>, RpcError> {
    let uuids: Vec<Uuid> = groups.iter().map(|group| group.tgt_uuid).collect();
    let mut kinds: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (kind, name) in target_group::dependents(tx, &uuids).await? {
        kinds.entry(if kind == "job" { "job" } else { "schedule" }).or_default().push(name);
    }
    // Whoever may see them or not: what would break is named.
    let everybody = Viewer { superuser: true, account: Uuid::nil(), roles: &[] };
    let (_, all) = target_group::search(tx, everybody, &Search::default()).await?;
    for other in all.iter().filter(|other| !uuids.contains(&other.tgt_uuid)) {
        let tgt = targets(other)?;
        if groups.iter().any(|group| tgt.values().any(|target| names(target, &group.name))) {
            kinds.entry("target group").or_default().push(other.name.clone());
        }
    }
    Ok(kinds)
}
