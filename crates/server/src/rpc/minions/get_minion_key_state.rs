//! `minions.get_minion_key_state`: the minion keys of every master.

use raas_api::{
    MinionKeyState, Page, Permission,
    minions::{GetMinionKeyState, GetMinionKeyStateParams, MinionKey, MinionKeySort},
};
use raas_db::{
    link::{self, Held, KeyOrder, Search},
    pattern,
};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, words},
    scope,
};

impl Handle for GetMinionKeyState {
    async fn handle(ctx: &Ctx, params: GetMinionKeyStateParams) -> Result<Page<MinionKey>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let minion_id = params.minion_id.as_deref().map(pattern::glob);
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::MinionRead).await?;
        let search = Search {
            entity: params.master_id.as_deref(),
            minion_id: minion_id.as_deref(),
            key_state: params.key_state.map(MinionKeyState::as_str),
            order: (order(params.sort_by.unwrap_or_default()), params.reverse),
            limit: params.limit,
            offset: rows.offset,
            only: &only,
        };
        let (count, held) = link::keys(&client, &search).await?;
        let results = held.into_iter().map(shown).collect::<Result<_, _>>()?;
        Ok(Page { count, limit: params.limit, results })
    }
}

fn order(sort: MinionKeySort) -> KeyOrder {
    match sort {
        MinionKeySort::MasterId => KeyOrder::MasterId,
        MinionKeySort::MinionId => KeyOrder::MinionId,
        MinionKeySort::KeyState => KeyOrder::KeyState,
    }
}

fn shown(held: Held) -> Result<MinionKey, RpcError> {
    Ok(MinionKey {
        key_state: words::read(&held.key_state, MinionKeyState::from_word)?,
        master_id: held.master_id,
        minion_id: held.minion_id,
        cluster_id: held.cluster_id,
        fingerprint: held.fingerprint,
        since: held.since,
        conflict: held.conflict,
    })
}
