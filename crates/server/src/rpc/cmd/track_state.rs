//! `cmd.track_state`: how far a job is on one master, told by a program that acts for it. Decides nothing.

use raas_api::cmd::{TrackState, TrackStateParams};
use raas_db::{command, master, master::Master};

use crate::{Change, Ctx, RpcError, rpc::Handle};

/// Longest word for a state.
const LONGEST: usize = 200;
/// Most minions named at once.
const MOST: usize = 100_000;

impl Handle for TrackState {
    async fn handle(ctx: &Ctx, params: TrackStateParams) -> Result<bool, RpcError> {
        let (jid, minions) = (params.jid.as_str(), params.minions.unwrap_or_default());
        if params.state.is_empty() || params.state.len() > LONGEST {
            let expected = format!("a word of 1 to {LONGEST} bytes");
            return Err(RpcError::invalid("state", format!("{} bytes long", params.state.len()), expected));
        }
        if minions.len() > MOST {
            return Err(RpcError::invalid(
                "minions",
                format!("{} ids", minions.len()),
                format!("at most {MOST}"),
            ));
        }
        let mut client = ctx.state.db.client().await?;
        if command::get(&client, jid).await?.is_none() {
            return Err(RpcError::NotFound(format!("no job {jid} is known")));
        }
        let master = master::by_id(&client, &params.master).await?.filter(Master::is_accepted);
        let Some(master) = master else {
            return Err(RpcError::NotFound(format!("there is no accepted master {:?}", params.master)));
        };
        let at = params.create_time.unwrap_or_else(|| ctx.now()).min(ctx.now());
        let tx = client.transaction().await?;
        command::track(&tx, jid, (&master.master_id, &params.state), &minions, at).await?;
        ctx.state.notify_change(&tx, &Change::of("outcomes").of_job(jid)).await?;
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(true)
    }
}
