//! `auth.get_group`

use raas_api::auth::{GetGroup, GetGroupParams, Group};
use raas_db::{Session, account};

use super::{
    find::{self, Named},
    get_all_groups,
};
use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetGroup {
    async fn handle(ctx: &Ctx, params: GetGroupParams) -> Result<Group, RpcError> {
        let named = Named {
            uuid: params.group_uuid,
            name: params.group_name.as_deref(),
            config_name: params.config_name.as_deref(),
        };
        shown(&ctx.state.db.client().await?, named, params.include_users).await
    }
}

/// The group that is meant, as clients see it.
pub(super) async fn shown(
    session: &impl Session,
    named: Named<'_>,
    include_users: bool,
) -> Result<Group, RpcError> {
    let group = find::group(session, named).await?;
    let accounts = if include_users { account::all(session, None).await? } else { Vec::new() };
    let accounts = accounts.iter().map(|one| (one.account_uuid, one)).collect();
    Ok(get_all_groups::shown(&group, &accounts, include_users, true))
}
