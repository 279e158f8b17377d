//! `auth.*`: accounts, groups, roles. One file per method; here and in `find` and `reach` what several of them share.

mod change_password;
mod delete_group;
mod delete_role;
mod delete_token;
mod delete_user;
mod end_session;
mod find;
mod get_all_groups;
mod get_all_roles;
mod get_all_users;
mod get_auth_pubkey;
mod get_group;
mod get_jwt;
mod get_role;
mod get_sessions;
mod get_tokens;
mod get_user;
mod get_ws_ticket;
mod reach;
mod save_group;
mod save_role;
mod save_token;
mod save_user;
mod transfer_resources;

use raas_api::Scope;
use serde_json::Value;

use super::{
    page::{self, Rows},
    words,
};
use crate::RpcError;

/// The directory of our own accounts and groups.
const INTERNAL: &str = "internal";

/// Reads `page` and `limit` where 0 means all, too.
fn rows(page: Option<u32>, limit: i64) -> Result<Rows, RpcError> {
    page::rows(page, if limit == 0 { -1 } else { limit })
}

/// A stored scope.
fn scope(text: Option<&str>) -> Result<Option<Scope>, RpcError> {
    let read = |text: &str| {
        serde_json::from_str(text).map_err(|error| RpcError::Internal(format!("scope: {error}")))
    };
    text.map(read).transpose()
}

/// What a client keeps with an account or group.
fn custom_data(text: Option<&str>) -> Option<Value> {
    text.map(words::json)
}
