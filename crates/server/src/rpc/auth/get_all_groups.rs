//! `auth.get_all_groups`

use std::collections::HashMap;

use raas_api::{
    Page,
    auth::{GetAllGroups, GetAllGroupsParams, Group, GroupMember},
};
use raas_db::{
    account::{self, Account},
    account_group,
};
use uuid::Uuid;

use super::{custom_data, rows};
use crate::{
    Ctx, RpcError,
    rpc::{Handle, page},
};

impl Handle for GetAllGroups {
    async fn handle(ctx: &Ctx, params: GetAllGroupsParams) -> Result<Page<Group>, RpcError> {
        let rows = rows(params.page, params.limit)?;
        let client = ctx.state.db.client().await?;
        let accounts = if params.include_users { account::all(&client, None).await? } else { Vec::new() };
        let by_uuid: HashMap<Uuid, &Account> = accounts.iter().map(|one| (one.account_uuid, one)).collect();
        let wanted = |config_name: &str| params.config_name.as_deref().is_none_or(|name| name == config_name);
        let mut all: Vec<Group> = account_group::all(&client)
            .await?
            .iter()
            .filter(|group| wanted(&group.config_name))
            .map(|group| shown(group, &by_uuid, params.include_users, params.include_custom_data))
            .collect();
        if params.reverse {
            all.reverse();
        }
        let alone = accounts.iter().filter(|one| one.groups.is_empty() && wanted(&one.config_name));
        all.push(nowhere(params.include_users.then(|| alone.map(member).collect())));
        let results = page::cut(&all, rows).to_vec();
        Ok(Page { count: i64::try_from(all.len()).unwrap_or(i64::MAX), limit: params.limit, results })
    }
}

/// A group as clients see it.
pub(super) fn shown(
    group: &account_group::Group,
    accounts: &HashMap<Uuid, &Account>,
    with_users: bool,
    with_custom_data: bool,
) -> Group {
    let users =
        || group.members.iter().filter_map(|uuid| accounts.get(uuid)).map(|one| member(one)).collect();
    Group {
        uuid: Some(group.group_uuid),
        config_name: Some(group.config_name.clone()),
        remote_uid: group.remote_uid.clone(),
        name: Some(group.name.clone()),
        desc: group.description.clone(),
        users: with_users.then(users),
        roles: group.roles.clone(),
        custom_data: custom_data(group.custom_data.as_deref()).filter(|_| with_custom_data),
    }
}

/// The group of those who are in none.
fn nowhere(users: Option<Vec<GroupMember>>) -> Group {
    let (uuid, config_name, remote_uid, name, desc) = (None, None, None, None, None);
    Group { uuid, config_name, remote_uid, name, desc, users, roles: Vec::new(), custom_data: None }
}

fn member(account: &Account) -> GroupMember {
    GroupMember {
        uuid: account.account_uuid,
        config_name: account.config_name.clone(),
        username: account.username.clone(),
        email: None,
        remote_uid: account.remote_uid.clone(),
        perms: account.held_perms.clone(),
        roles: account.held_roles.clone(),
        groups: account.groups.clone(),
    }
}
