//! `master.get_master_keys`: every key that a master ever offered.

use jiff::{SignedDuration, Timestamp};
use raas_api::master::{GetMasterKeys, GetMasterKeysParams, MasterKey, MasterKeySort};
use raas_db::{
    master_key::{self, Search},
    pattern,
};

use crate::{AppState, Ctx, RpcError, rpc::Handle};

impl Handle for GetMasterKeys {
    async fn handle(ctx: &Ctx, params: GetMasterKeysParams) -> Result<Vec<MasterKey>, RpcError> {
        let master_id = params.master_id.as_deref().map(pattern::substring);
        let search = Search {
            state: params.state,
            master_id: master_id.as_deref(),
            not_before: pending_from(&ctx.state, ctx.now()),
            sort_by: match params.sort_by.unwrap_or_default() {
                MasterKeySort::MasterId => "master_id",
                MasterKeySort::State => "state",
                MasterKeySort::Created => "created",
            },
            reverse: params.reverse.unwrap_or(false),
        };
        let client = ctx.state.db.client().await?;
        Ok(master_key::search(&client, &search).await?.into_iter().map(shown).collect())
    }
}

/// Pending keys that were last offered before are forgotten.
pub(crate) fn pending_from(state: &AppState, now: Timestamp) -> Timestamp {
    let expiry = SignedDuration::from_secs(state.config.enroll.pending_expiry_s.into());
    now.checked_sub(expiry).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn shown(key: master_key::MasterKey) -> MasterKey {
    MasterKey {
        master_id: key.master_id,
        state: key.state,
        created: key.created_at,
        fingerprint: key.fingerprint,
        cluster_id: key.cluster_id,
        kind: key.kind.into(),
        reason: key.reason,
        changed: key.changed_at,
        last_seen: key.last_seen_at,
        public_key: key.public_key,
    }
}
