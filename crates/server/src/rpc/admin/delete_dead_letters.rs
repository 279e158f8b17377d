//! `admin.delete_dead_letters`: for good.

use raas_api::admin::{DeleteDeadLetters, DeletedDeadLetters, WhichDeadLetters};
use raas_db::dead_letter;

use super::Chosen;
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for DeleteDeadLetters {
    async fn handle(ctx: &Ctx, params: WhichDeadLetters) -> Result<DeletedDeadLetters, RpcError> {
        let chosen = Chosen::of(params)?;
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        let deleted = dead_letter::delete(&tx, chosen.which()).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        tracing::info!(user = ctx.actor.username, deleted, "dead letters deleted");
        Ok(DeletedDeadLetters { deleted })
    }
}
