//! `stats.get_system_metric_sources`: where a metric is measured.

use raas_api::stats::{GetSystemMetricSources, GetSystemMetricSourcesParams};
use raas_db::metric;

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetSystemMetricSources {
    async fn handle(ctx: &Ctx, params: GetSystemMetricSourcesParams) -> Result<Vec<String>, RpcError> {
        Ok(metric::sources(&ctx.state.db.client().await?, params.metric.as_str()).await?)
    }
}
