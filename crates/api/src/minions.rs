//! `minions.*`: minions, their presence, grains and keys. One file per method; here only what several of them share.

mod get_minion_cache;
mod get_minion_key_matrix;
mod get_minion_key_state;
mod get_minion_presence;
mod set_minion_key_state;

pub use get_minion_cache::{
    CachedMinion, GetMinionCache, GetMinionCacheParams, MinionCache, MinionCacheSort,
};
pub use get_minion_key_matrix::{
    DesiredKey, DesiredKeyState, GetMinionKeyMatrix, GetMinionKeyMatrixParams, KeyCellState,
    KeyChangeUnderWay, MinionKeyCell, MinionKeyRow, SuspendedKey,
};
pub use get_minion_key_state::{GetMinionKeyState, GetMinionKeyStateParams, MinionKey, MinionKeySort};
pub use get_minion_presence::{
    GetMinionPresence, GetMinionPresenceParams, MinionLink, MinionPresence, MinionPresenceSort,
};
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
