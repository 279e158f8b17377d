//! `audit.get_chain`

use raas_api::{
    Permission,
    audit::{Chain, GetChain, GetChainParams, Head},
};
use raas_db::audit::{self, Place};

use crate::{Ctx, RpcError, reconcile::link, rpc::Handle, scope};

/// Most rows of one call.
const MOST: u32 = 10_000;

impl Handle for GetChain {
    async fn handle(ctx: &Ctx, params: GetChainParams) -> Result<Chain, RpcError> {
        if !(1..=MOST).contains(&params.limit) {
            return Err(RpcError::invalid("limit", params.limit, format!("1 to {MOST}")));
        }
        scope::unlimited(ctx, Permission::AuditRead, "read the chain of the audit")?;
        let client = ctx.state.db.client().await?;
        let known = audit::head(&client).await?;
        let rows = audit::chain(&client, params.after, i64::from(params.limit)).await?;
        let head = |place: Place| Head { number: place.number, hash: hex::encode(place.hash) };
        Ok(Chain {
            rows: rows.iter().map(|row| link(row, row.number.unwrap_or_default())).collect(),
            head: head(known.end),
            root: head(known.root),
            unchained: known.unlinked,
        })
    }
}
