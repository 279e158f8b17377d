//! `auth.transfer_resources`. This server keeps nothing yet that an account owns, so that there is nothing to give.

use raas_api::auth::{ResourceType, TransferResources, TransferResourcesParams, TransferredResources};

use super::find::{self, Named};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for TransferResources {
    async fn handle(ctx: &Ctx, params: TransferResourcesParams) -> Result<TransferredResources, RpcError> {
        let client = ctx.state.db.client().await?;
        for uuid in [params.from_user_uuid, params.to_user_uuid] {
            find::account(&client, Named { uuid: Some(uuid), name: None, config_name: None }).await?;
        }
        let kinds = params.resource_types.unwrap_or_else(|| ResourceType::ALL.to_vec());
        Ok(kinds.into_iter().map(|kind| (kind, 0)).collect())
    }
}
