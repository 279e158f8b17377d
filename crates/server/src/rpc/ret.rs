//! `ret.*`: returns. One file per method; here what several of them share.

mod get_fun;
mod get_jid;
mod get_jids;
mod get_load;
mod get_minions;
mod get_returns;

use raas_db::{Client, master};
use uuid::Uuid;

use crate::{Ctx, RpcError};

/// Whose returns are asked for.
enum Decided {
    /// Everybody's.
    ByAny,
    /// Those that this master decided.
    By(Uuid),
    /// Those of a master that is not known: it decided none.
    ByNone,
}

impl Decided {
    /// By the master's id.
    async fn by(ctx: &Ctx, client: &Client, master_id: Option<&str>) -> Result<Self, RpcError> {
        let Some(master_id) = master_id else { return Ok(Self::ByAny) };
        let Some(master) = master::by_id(client, master_id).await? else {
            ctx.warn(format!("there is no master {master_id:?}"));
            return Ok(Self::ByNone);
        };
        Ok(Self::By(master.master_uuid))
    }
}
