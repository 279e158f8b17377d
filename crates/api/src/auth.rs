//! `auth.*`: signing in, accounts, groups, roles. One file per method; here only what several of them share.

mod change_password;
mod delete_group;
mod delete_role;
mod delete_token;
mod delete_user;
mod end_session;
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
mod save_group;
mod save_role;
mod save_token;
mod save_user;
mod transfer_resources;

pub use change_password::{ChangePassword, ChangePasswordParams};
pub use delete_group::{DeleteGroup, DeleteGroupParams};
pub use delete_role::{DeleteRole, DeleteRoleParams};
pub use delete_token::{DeleteToken, DeleteTokenParams};
pub use delete_user::{DeleteUser, DeleteUserParams};
pub use end_session::{EndSession, EndSessionParams};
pub use get_all_groups::{GetAllGroups, GetAllGroupsParams, Group, GroupMember, GroupSort};
pub use get_all_roles::{GetAllRoles, GetAllRolesParams, Role, Roles, SortOrder};
pub use get_all_users::{GetAllUsers, GetAllUsersParams, ListedUser, UserSort};
pub use get_auth_pubkey::{AuthPubkey, GetAuthPubkey};
pub use get_group::{GetGroup, GetGroupParams};
pub use get_jwt::{GetJwt, Jwt};
pub use get_role::{GetRole, GetRoleParams};
pub use get_sessions::{GetSessions, GetSessionsParams, SignedIn};
pub use get_tokens::{GetTokens, GetTokensParams, Token};
pub use get_user::{GetUser, GetUserParams, User};
pub use get_ws_ticket::GetWsTicket;
pub use save_group::{SaveGroup, SaveGroupParams};
pub use save_role::{SaveRole, SaveRoleParams};
pub use save_token::{NewToken, SaveToken, SaveTokenParams};
pub use save_user::{SaveUser, SaveUserParams};
pub use transfer_resources::{
    ResourceType, TransferResources, TransferResourcesParams, TransferredResources,
};

/// Page size where the caller names none.
fn fifty() -> i64 {
    50
}
