//! `auth.get_all_users`

use std::collections::HashMap;

use raas_api::{
    Page,
    auth::{GetAllUsers, GetAllUsersParams, ListedUser},
};
use raas_db::account::{self, Account};
use uuid::Uuid;

use super::{custom_data, rows};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page},
};

impl Handle for GetAllUsers {
    async fn handle(ctx: &Ctx, params: GetAllUsersParams) -> Result<Page<ListedUser>, RpcError> {
        let rows = rows(params.page, params.limit)?;
        let client = ctx.state.db.client().await?;
        let mut all = account::names(&client, params.config_name.as_deref()).await?;
        if params.include_deleted_user {
            all.push((Uuid::nil(), "deleted".to_owned()));
            all.sort_by(|a, b| a.1.cmp(&b.1));
        }
        if params.reverse {
            all.reverse();
        }
        // What an account holds is read for the page only.
        let page: Vec<Uuid> = page::cut(&all, rows).iter().map(|one| one.0).collect();
        let mut found: HashMap<Uuid, Account> =
            account::some(&client, &page).await?.into_iter().map(|one| (one.account_uuid, one)).collect();
        found.insert(Uuid::nil(), Account::new(Uuid::nil(), "deleted", jiff::Timestamp::UNIX_EPOCH));
        let results =
            page.iter().filter_map(|uuid| found.get(uuid)).map(|one| listed(one, &params)).collect();
        Ok(Page { count: i64::try_from(all.len()).unwrap_or(i64::MAX), limit: params.limit, results })
    }
}

fn listed(account: &Account, params: &GetAllUsersParams) -> ListedUser {
    let roles = match (params.include_inherited_roles, params.include_roles) {
        (true, _) => Some(account.held_roles.clone()),
        (false, true) => Some(account.roles.clone()),
        (false, false) => None,
    };
    ListedUser {
        uuid: account.account_uuid,
        config_name: account.config_name.clone(),
        username: account.username.clone(),
        email: None,
        remote_uid: account.remote_uid.clone(),
        last_login: account.last_login_at,
        roles,
        perms: params.include_perms.then(|| account.held_perms.clone()),
        groups: params.include_groups.then(|| account.groups.clone()),
        custom_data: custom_data(account.custom_data.as_deref()).filter(|_| params.include_custom_data),
    }
}
