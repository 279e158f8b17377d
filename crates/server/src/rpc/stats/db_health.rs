//! `stats.db_health`: how PostgreSQL is.

use raas_api::stats::{DbHealth, DbHealthParams, DbHealthReply};
use raas_db::metric;

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for DbHealth {
    async fn handle(ctx: &Ctx, _: DbHealthParams) -> Result<DbHealthReply, RpcError> {
        let client = ctx.state.db.client().await?;
        let health = metric::health(&client).await?;
        let full = health.connections >= health.max_connections;
        let message = match (health.standby, full) {
            (true, _) => "it only follows another PostgreSQL, and takes no writes",
            (_, true) => "it has no connections left",
            _ => "it takes writes and has connections left",
        };
        Ok(DbHealthReply {
            healthy: !health.standby && !full,
            message: message.to_owned(),
            version: health.version,
            size_bytes: health.size,
            connections: health.connections,
            max_connections: health.max_connections,
        })
    }
}
