//! `auth.get_all_groups`

use std::collections::{HashMap, HashSet};

use raas_api::{
    Page,
    auth::{GetAllGroups, GetAllGroupsParams, Group, GroupMember},
};
use raas_db::{
    Client, DbError,
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
        let wanted = |config_name: &str| params.config_name.as_deref().is_none_or(|name| name == config_name);
        let groups = account_group::all(&client).await?;
        let mut all: Vec<Option<&account_group::Group>> =
            groups.iter().filter(|group| wanted(&group.config_name)).map(Some).collect();
        if params.reverse {
            all.reverse();
        }
        // The last is that of those who are in none.
        all.push(None);
        let page = page::cut(&all, rows);
        let members = if params.include_users { members(&client, page, &groups).await? } else { Vec::new() };
        let by_uuid: HashMap<Uuid, &Account> = members.iter().map(|one| (one.account_uuid, one)).collect();
        let alone = || members.iter().filter(|one| one.groups.is_empty() && wanted(&one.config_name));
        let one = |group: Option<&account_group::Group>| match group {
            Some(group) => shown(group, &by_uuid, params.include_users, params.include_custom_data),
            None => nowhere(params.include_users.then(|| alone().map(member).collect())),
        };
        let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        Ok(Page { count, limit: params.limit, results: page.iter().copied().map(one).collect() })
    }
}

/// The accounts that the groups of a page show; for the one of those who are in none, all that no group has.
async fn members(
    client: &Client,
    page: &[Option<&account_group::Group>],
    groups: &[account_group::Group],
) -> Result<Vec<Account>, DbError> {
    let mut uuids: Vec<Uuid> =
        page.iter().flatten().flat_map(|group| group.members.iter().copied()).collect();
    if page.iter().any(Option::is_none) {
        let grouped: HashSet<&Uuid> = groups.iter().flat_map(|group| &group.members).collect();
        let names = account::names(client, None).await?;
        uuids.extend(names.iter().map(|(uuid, _)| *uuid).filter(|uuid| !grouped.contains(uuid)));
    }
    uuids.sort_unstable();
    uuids.dedup();
    account::some(client, &uuids).await
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
