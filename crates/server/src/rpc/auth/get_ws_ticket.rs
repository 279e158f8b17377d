//! `auth.get_ws_ticket`: kept as its hash, used up by the stream that it opens.

use jiff::SignedDuration;
use raas_api::{NoParams, auth::GetWsTicket};
use raas_db::ws_ticket::{self, Holder};
use sha2::{Digest as _, Sha256};

use crate::{Ctx, RpcError, job::after, rpc::Handle};

/// How long a ticket waits to be used.
const LIFE: SignedDuration = SignedDuration::from_secs(60);

impl Handle for GetWsTicket {
    async fn handle(ctx: &Ctx, _: NoParams) -> Result<String, RpcError> {
        let ticket = hex::encode(ctx.state.random.key());
        let (client, now) = (ctx.state.db.client().await?, ctx.now());
        ws_ticket::forget(&client, now).await?;
        let hash = Sha256::digest(ticket.as_bytes());
        let actor = &ctx.actor;
        let whose = Holder {
            account_uuid: actor.account_uuid,
            session_uuid: actor.session_uuid,
            by_token: actor.by_token,
        };
        ws_ticket::insert(&client, &hash, whose, after(now, LIFE)).await?;
        Ok(ticket)
    }
}
