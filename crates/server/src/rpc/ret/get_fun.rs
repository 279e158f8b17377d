//! `ret.get_fun`: what each minion ran last, day by day from the newest on, until all are found.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use raas_api::{
    Permission,
    ret::{GetFun, GetFunParams, LastFun},
};
use raas_db::{
    minion, partition,
    ret::{self, Last},
};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, words},
    scope,
};

impl Handle for GetFun {
    async fn handle(ctx: &Ctx, params: GetFunParams) -> Result<BTreeMap<String, LastFun>, RpcError> {
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::ReturnerRead).await?;
        let own = only.pairs();
        let mut known = minion::known(&client).await?;
        known.retain(|(cluster, id)| only.is_all() || own.contains(&(cluster.as_str(), id.as_str())));
        let mut once = HashSet::new();
        let twice: HashSet<&str> =
            known.iter().map(|(_, id)| id.as_str()).filter(|id| !once.insert(*id)).collect();
        let partitions = partition::list(&client).await?;
        let days: BTreeSet<_> =
            partitions.iter().filter(|one| one.table == "ret").map(|one| one.day).collect();
        let mut open: Vec<&(String, String)> = known.iter().collect();
        let mut found = BTreeMap::new();
        for day in days.into_iter().rev() {
            if open.is_empty() {
                break;
            }
            let last = ret::last(&client, day, &open).await?;
            let there: HashSet<usize> = last.iter().map(|one| one.place).collect();
            for one in last.into_iter().filter(|one| params.fun.as_ref().is_none_or(|fun| *fun == one.fun)) {
                let Some((cluster_id, id)) = open.get(one.place) else { continue };
                let name =
                    if twice.contains(id.as_str()) { format!("{id}@{cluster_id}") } else { id.clone() };
                found.insert(name, shown(one, cluster_id)?);
            }
            open = open
                .into_iter()
                .enumerate()
                .filter(|(at, _)| !there.contains(at))
                .map(|(_, one)| one)
                .collect();
        }
        Ok(found)
    }
}

fn shown(last: Last, cluster_id: &str) -> Result<LastFun, RpcError> {
    Ok(LastFun {
        fun: last.fun,
        fun_args: words::json(&last.fun_args),
        jid: words::read(&last.jid, |text| text.parse().ok())?,
        success: last.success,
        retcode: last.retcode,
        alter_time: last.alter_time,
        cluster_id: cluster_id.to_owned(),
    })
}
