//! `auth.get_role`

use raas_api::auth::{GetRole, GetRoleParams, Roles};

use super::{
    find::{self, Named},
    get_all_roles::shown,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetRole {
    async fn handle(ctx: &Ctx, params: GetRoleParams) -> Result<Roles, RpcError> {
        let named = Named { uuid: params.role_uuid, name: params.role_name.as_deref(), config_name: None };
        shown(vec![find::role(&ctx.state.db.client().await?, named).await?])
    }
}
