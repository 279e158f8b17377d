//! `minions.get_minion_key_matrix`: what is decided about each minion's key, and what each master of its cluster shows.

use std::collections::HashMap;

use raas_api::{
    MinionKeyState, Page, Permission,
    minions::{
        DesiredKey, DesiredKeyState, GetMinionKeyMatrix, GetMinionKeyMatrixParams, KeyCellState,
        KeyChangeUnderWay, MinionKeyAction, MinionKeyCell, MinionKeyRow, SuspendedKey,
    },
};
use raas_db::{
    minion_key::{self, Decided, MatrixCell, Search},
    pattern,
};

use crate::{
    Ctx, RpcError,
    rpc::{Handle, page, words},
    scope,
};

impl Handle for GetMinionKeyMatrix {
    async fn handle(ctx: &Ctx, params: GetMinionKeyMatrixParams) -> Result<Page<MinionKeyRow>, RpcError> {
        let rows = page::rows(params.page, params.limit)?;
        let minion_id = params.minion_id.as_deref().map(pattern::glob);
        let client = ctx.state.db.client().await?;
        let only = scope::minions(ctx, &client, Permission::MinionRead).await?;
        let search = Search {
            entity: params.cluster_id.as_deref(),
            minion_id: minion_id.as_deref(),
            needs_decision: params.needs_decision,
            limit: params.limit,
            offset: rows.offset,
            only: &only,
        };
        let (count, rows) = minion_key::page(&client, &search).await?;
        let pairs: Vec<(&str, &str)> = rows.iter().map(|row| (row.0.as_str(), row.1.as_str())).collect();
        let mut desired: HashMap<(String, String), DesiredKey> = HashMap::new();
        for one in minion_key::of_minions(&client, &pairs).await? {
            let key = (one.cluster_id.clone(), one.minion_id.clone());
            desired.insert(key, shown(one)?);
        }
        let mut cells: HashMap<(String, String), Vec<MinionKeyCell>> = HashMap::new();
        for one in minion_key::cells(&client, &pairs).await? {
            let key = (one.cluster_id.clone(), one.minion_id.clone());
            cells.entry(key).or_default().push(cell(one)?);
        }
        let results = rows.into_iter().map(|(cluster_id, minion_id, conflict)| {
            let key = (cluster_id, minion_id);
            let (desired, cells) = (desired.remove(&key), cells.remove(&key).unwrap_or_default());
            let (cluster_id, minion_id) = key;
            MinionKeyRow { cluster_id, minion_id, desired, conflict, cells }
        });
        Ok(Page { count, limit: params.limit, results: results.collect() })
    }
}

fn shown(one: Decided) -> Result<DesiredKey, RpcError> {
    let state = |word: &str| match word {
        "accepted" => Some(DesiredKeyState::Accepted),
        "rejected" => Some(DesiredKeyState::Rejected),
        "absent" => Some(DesiredKeyState::Absent),
        _ => None,
    };
    Ok(DesiredKey {
        state: words::read(&one.desired, state)?,
        fingerprint: one.fingerprint,
        since: one.decided_at,
        by: one.decided_by,
        suspended: one.suspended.map(|(since, reason)| SuspendedKey { since, reason }),
    })
}

fn cell(one: MatrixCell) -> Result<MinionKeyCell, RpcError> {
    let state = match &one.key_state {
        Some(word) => words::read(word, MinionKeyState::from_word)?.into(),
        None if one.told => KeyCellState::Absent,
        None => KeyCellState::Unknown,
    };
    let change = match (&one.action, one.change_since) {
        (Some(word), Some(since)) => Some(KeyChangeUnderWay {
            action: words::read(word, action)?,
            since,
            tried_at: one.tried_at,
            error: one.error,
        }),
        _ => None,
    };
    Ok(MinionKeyCell {
        master_id: one.master_id,
        state,
        fingerprint: one.fingerprint,
        since: one.since,
        denied_fingerprint: one.denied_fingerprint,
        change,
    })
}

fn action(word: &str) -> Option<MinionKeyAction> {
    [MinionKeyAction::Accept, MinionKeyAction::Reject, MinionKeyAction::Delete]
        .into_iter()
        .find(|action| crate::keys::word(*action) == word)
}
