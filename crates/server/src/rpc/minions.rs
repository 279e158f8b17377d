//! `minions.*`: minions, their presence, grains and keys. One file per method; here only what several of them share.

mod get_minion_cache;
mod get_minion_key_matrix;
mod get_minion_key_state;
mod get_minion_presence;
pub(super) mod set_minion_key_state;

use raas_db::{Client, DbError, master};

use crate::{Ctx, link::presence};

/// The masters that are there now.
async fn present(ctx: &Ctx, client: &Client) -> Result<Vec<uuid::Uuid>, DbError> {
    Ok(presence::present(&ctx.state, &master::list(client).await?, ctx.now()))
}
