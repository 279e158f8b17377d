//! `master.get_master_deployments`: none, as this server installs no masters.

use raas_api::{
    Page,
    master::{GetMasterDeployments, GetMasterDeploymentsParams, MasterDeployment},
};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, page},
};

impl Handle for GetMasterDeployments {
    async fn handle(_: &Ctx, params: GetMasterDeploymentsParams) -> Result<Page<MasterDeployment>, RpcError> {
        page::rows(params.page, params.limit)?;
        Ok(Page { count: 0, limit: params.limit, results: Vec::new() })
    }
}
