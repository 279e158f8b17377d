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
mod set_minion_key_state;

pub use delete_minion_cache::{DeleteMinionCache, DeleteMinionCacheParams, DeletedCache};
pub use delete_minion_key_state::{DeleteMinionKeyState, DeleteMinionKeyStateParams, DeletedKeyState};
pub use get_minion_cache::{
    CachedMinion, GetMinionCache, GetMinionCacheParams, MinionCache, MinionCacheSort,
};
pub use get_minion_deployments::{GetMinionDeployments, GetMinionDeploymentsParams, MinionDeployment};
pub use get_minion_details::{GetMinionDetails, GetMinionDetailsParams, MinionDetails};
pub use get_minion_grain_keys::{GetMinionGrainKeys, GetMinionGrainKeysParams};
pub use get_minion_grain_values::{GetMinionGrainValues, GetMinionGrainValuesParams};
pub use get_minion_key_matrix::{
    DesiredKey, DesiredKeyState, GetMinionKeyMatrix, GetMinionKeyMatrixParams, KeyCellState,
    KeyChangeUnderWay, MinionKeyCell, MinionKeyRow, SuspendedKey,
};
pub use get_minion_key_state::{GetMinionKeyState, GetMinionKeyStateParams, MinionKey, MinionKeySort};
pub use get_minion_presence::{
    GetMinionPresence, GetMinionPresenceParams, MinionLink, MinionPresence, MinionPresenceSort,
};
pub use save_minion_cache::{MinionsDelta, SaveMinionCache, SaveMinionCacheParams, SavedCache};
pub use save_minion_key_state::{KeyStateLists, SaveMinionKeyState, SaveMinionKeyStateParams, SavedKeyState};
pub use set_minion_key_state::{
    MinionKeyAct, MinionKeyAction, SetMinionKeyState, SetMinionKeyStateParams, SetMinionKeyStateReply,
};

/// Page size where the caller names none.
fn fifty() -> i64 {
    50
}

/// Page size of the methods whose published signature says so.
fn hundred() -> i64 {
    100
}
