//! `stats.get_queue_sizes`: what waits, as of the last sample.

use std::collections::BTreeMap;

use raas_api::stats::{GetQueueSizes, GetQueueSizesParams, Metric};
use raas_db::metric;

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetQueueSizes {
    async fn handle(ctx: &Ctx, _: GetQueueSizesParams) -> Result<BTreeMap<String, i64>, RpcError> {
        let client = ctx.state.db.client().await?;
        let newest = metric::newest(&client).await?;
        let queues = newest.into_iter().filter(|one| one.metric == Metric::CeleryQueueLength.as_str());
        Ok(queues.map(|one| (one.source, whole(one.value))).collect())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a count of rows")]
fn whole(count: f64) -> i64 {
    count as i64
}
