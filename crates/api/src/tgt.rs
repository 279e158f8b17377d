//! `tgt.*`: saved target groups. One file per method.

mod delete_target_group;
mod get_target_group;
mod get_target_group_access;
mod get_target_group_minions;
mod save_target_group;
mod save_target_group_access;

pub use delete_target_group::{DeleteTargetGroup, DeleteTargetGroupParams, Uuids};
pub use get_target_group::{GetTargetGroup, GetTargetGroupParams, TargetGroup, TargetGroupSort};
pub use get_target_group_access::{GetTargetGroupAccess, GetTargetGroupAccessParams};
pub use get_target_group_minions::{GetTargetGroupMinions, GetTargetGroupMinionsParams};
pub use save_target_group::{SaveTargetGroup, SaveTargetGroupParams};
pub use save_target_group_access::{SaveTargetGroupAccess, SaveTargetGroupAccessParams};
