//! `auth.transfer_resources`: target groups and saved jobs. Schedules run as their owner, so that they are never handed over:
//! whoever shall own one saves it.

use raas_api::auth::{ResourceType, TransferResources, TransferResourcesParams, TransferredResources};
use raas_db::saved;

use super::find::{self, Named};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for TransferResources {
    async fn handle(ctx: &Ctx, params: TransferResourcesParams) -> Result<TransferredResources, RpcError> {
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        for uuid in [params.from_user_uuid, params.to_user_uuid] {
            find::account(&tx, Named { uuid: Some(uuid), name: None, config_name: None }).await?;
        }
        let way = (params.from_user_uuid, params.to_user_uuid);
        let kinds = params.resource_types.unwrap_or_else(|| ResourceType::ALL.to_vec());
        let mut transferred = TransferredResources::new();
        for kind in kinds {
            let moved = saved::transfer(&tx, kind.as_str(), way, params.resource_uuids.as_deref()).await?;
            if params.revoke_access == Some(true) {
                saved::forget_access(&tx, &moved).await?;
            }
            transferred.insert(kind, i64::try_from(moved.len()).unwrap_or(i64::MAX));
        }
        if params.test == Some(true) {
            tx.rollback().await?;
        } else {
            ctx.audit(&tx).await?;
            tx.commit().await?;
        }
        Ok(transferred)
    }
}
