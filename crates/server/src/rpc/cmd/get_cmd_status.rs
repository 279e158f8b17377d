//! `cmd.get_cmd_status`: straight from the maintained counters.

use raas_api::{
    CommandState, Jid, Permission,
    cmd::{CmdStatus, CmdTrack, GetCmdStatus, GetCmdStatusParams},
};
use raas_db::command::{self, Tracked};

use crate::{Ctx, RpcError, rpc::Handle, rpc::words, scope};

impl Handle for GetCmdStatus {
    async fn handle(ctx: &Ctx, params: GetCmdStatusParams) -> Result<Vec<CmdStatus>, RpcError> {
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::CmdRead).await?;
        let jids = command::seen(&client, params.jids.into_iter().map(String::from).collect(), &only).await?;
        let found = command::status(&client, &jids).await?;
        let tracked = command::tracked(&client, &jids).await?;
        found
            .into_iter()
            .map(|s| {
                Ok(CmdStatus {
                    jid: words::read::<Jid, _>(&s.jid, |text| text.parse().ok())?,
                    state: words::read(&s.state, CommandState::from_word)?,
                    expected: s.expected,
                    returned: s.returned_good + s.returned_failed,
                    returned_good: s.returned_good,
                    returned_failed: s.returned_failed,
                    open: s.open,
                    done: s.done,
                    tracked: tracked.iter().filter(|one| one.jid == s.jid).map(track).collect(),
                })
            })
            .collect()
    }
}

fn track(told: &Tracked) -> CmdTrack {
    CmdTrack {
        master_id: told.master_id.clone(),
        state: told.state.clone(),
        minions: told.minions,
        time: told.told_at,
    }
}
