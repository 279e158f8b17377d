//! `minions.get_minion_deployments`: none, as this server installs no minions.

use raas_api::{
    Page,
    minions::{GetMinionDeployments, GetMinionDeploymentsParams, MinionDeployment},
};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, page},
};

impl Handle for GetMinionDeployments {
    async fn handle(_: &Ctx, params: GetMinionDeploymentsParams) -> Result<Page<MinionDeployment>, RpcError> {
        page::rows(params.page, params.limit)?;
        Ok(Page { count: 0, limit: params.limit, results: Vec::new() })
    }
}
