//! `minions.*`: minions, their presence, grains and keys. One file per method; here only what several of them share.

mod delete_minion_cache;
mod delete_minion_key_state;
mod get_minion_cache;
mod get_minion_deployments;
mod get_minion_details;
mod get_minion_grain_keys;
mod get_minion_grain_values;
mod get_minion_key_matrix;
mod get_minion_key_state;
mod get_minion_presence;
mod save_minion_cache;
mod save_minion_key_state;
pub(super) mod set_minion_key_state;
mod told;

use raas_db::{Client, DbError, master};

use crate::{Ctx, link::presence};

/// The masters that are there now.
async fn present(ctx: &Ctx, client: &Client) -> Result<Vec<uuid::Uuid>, DbError> {
    Ok(presence::present(&ctx.state, &master::list(client).await?, ctx.now()))
}
