//! `auth.get_all_roles`

use raas_api::auth::{GetAllRoles, GetAllRolesParams, Role, Roles, SortOrder};
use raas_db::role;
use serde_json::{Map, Value};

use super::scope;
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetAllRoles {
    async fn handle(ctx: &Ctx, params: GetAllRolesParams) -> Result<Roles, RpcError> {
        let mut all = role::all(&ctx.state.db.client().await?).await?;
        if params.sort_order == Some(SortOrder::Desc) {
            all.reverse();
        }
        shown(all)
    }
}

/// Roles by name, in this order.
pub(super) fn shown(roles: Vec<role::Role>) -> Result<Roles, RpcError> {
    let one = |row: role::Role| {
        let role = Role {
            name: row.name.clone(),
            desc: row.description,
            uuid: row.role_uuid,
            perms: row.perms,
            built_in: row.built_in,
            scope: scope(row.scope.as_deref())?,
        };
        let value = serde_json::to_value(role).map_err(|error| RpcError::Internal(error.to_string()))?;
        Ok((row.name, value))
    };
    Ok(Roles(roles.into_iter().map(one).collect::<Result<Map<String, Value>, RpcError>>()?))
}
