//! `ret.get_jid`: minion id → returned value.

use std::collections::{BTreeMap, HashSet};

use raas_api::{
    Permission,
    ret::{GetJid, GetJidParams},
};
use raas_db::ret::{self, Search, SortBy};
use serde_json::Value;

use super::Decided;
use crate::{
    Ctx, RpcError,
    rpc::{Handle, words},
    scope,
};

impl Handle for GetJid {
    async fn handle(ctx: &Ctx, params: GetJidParams) -> Result<BTreeMap<String, Value>, RpcError> {
        let client = ctx.state.db.client().await?;
        let master_uuid = match Decided::by(ctx, &client, params.master_id.as_deref()).await? {
            Decided::ByAny => None,
            Decided::By(master_uuid) => Some(master_uuid),
            Decided::ByNone => return Ok(BTreeMap::new()),
        };
        let search = Search {
            jid: Some(params.jid.to_string()),
            master_uuid,
            only: scope::minions(ctx, &client, Permission::ReturnerRead).await?,
            ..Search::default()
        };
        let found = ret::search(&client, &search, (SortBy::MinionId, false), (None, 0), (0, None)).await?;
        let mut once = HashSet::new();
        let twice: HashSet<String> =
            found.iter().filter(|r| !once.insert(&r.minion_id)).map(|r| r.minion_id.clone()).collect();
        found
            .into_iter()
            .map(|row| {
                let value = words::packed(row.body.as_deref())?;
                let twice = twice.contains(&row.minion_id);
                let name =
                    if twice { format!("{}@{}", row.minion_id, row.cluster_id) } else { row.minion_id };
                Ok((name, value))
            })
            .collect()
    }
}
