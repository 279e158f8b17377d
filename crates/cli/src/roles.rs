//! `raas roles [list|save|delete]`

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use raas_api::{
    Permission,
    auth::{DeleteRole, DeleteRoleParams, GetAllRoles, GetAllRolesParams, Role, SaveRole, SaveRoleParams},
};
use serde_json::json;

use crate::{
    door::Door,
    output::{done, say, show},
    users::{limit, scope},
};

/// What about the roles.
#[derive(Debug, Args)]
pub(crate) struct RolesArgs {
    #[command(subcommand)]
    verb: Option<RolesVerb>,
}

#[derive(Debug, Subcommand)]
enum RolesVerb {
    /// Roles with what they allow.
    List,
    /// Make a role, or change it: what is not given stays as it is.
    Save {
        /// Name.
        role: String,
        /// What it allows, as cmd-run; may be given several times. Exactly these.
        #[arg(long = "perm")]
        perms: Option<Vec<String>>,
        /// For people.
        #[arg(long)]
        description: Option<String>,
        /// Limit to these minions: CLUSTER=TARGET (glob), as eu-web='web*'. May be given several times.
        #[arg(long)]
        scope: Option<Vec<String>>,
    },
    /// Delete roles; whoever has them does not have them any more.
    Delete {
        /// Names.
        #[arg(required = true)]
        roles: Vec<String>,
    },
}

pub(crate) async fn run(door: &Door, args: RolesArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    match args.verb.unwrap_or(RolesVerb::List) {
        RolesVerb::List => {
            let answer = client.call::<GetAllRoles>(&GetAllRolesParams::default()).await?;
            let roles =
                answer.ret.0.values().cloned().map(serde_json::from_value).collect::<Result<Vec<Role>, _>>();
            let roles = roles.context("a role cannot be read")?;
            show(door.output, &roles, &["role", "allows", "limited to", "description"], || {
                roles.iter().map(row).collect()
            })?;
        }
        RolesVerb::Save { role, perms, description, scope: limits } => {
            let params = SaveRoleParams {
                role_name: Some(role.clone()),
                perms: perms.map(|words| words.iter().map(|word| permission(word)).collect()).transpose()?,
                description,
                scope: limits.as_deref().map(scope).transpose()?,
                ..SaveRoleParams::default()
            };
            let uuid = client.call::<SaveRole>(&params).await?.ret;
            say(door.output, &format!("Role {role} is saved ({uuid})."))?;
            done(door.output, &json!({"role": role, "uuid": uuid}))?;
        }
        RolesVerb::Delete { roles } => {
            for role in &roles {
                let params = DeleteRoleParams { role_name: Some(role.clone()), role_uuid: None };
                client.call::<DeleteRole>(&params).await?;
                say(door.output, &format!("Role {role} is deleted."))?;
            }
            done(door.output, &json!({"deleted": roles}))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(role: &Role) -> Vec<String> {
    let limit = limit(role.scope.as_ref());
    let desc = role.desc.clone().unwrap_or_default();
    vec![role.name.clone(), role.perms.join(", "), limit, desc]
}

pub(crate) fn permission(word: &str) -> anyhow::Result<Permission> {
    Permission::from_word(word).with_context(|| {
        let all: Vec<&str> = Permission::ALL.iter().copied().map(Permission::as_str).collect();
        format!("--perm {word:?} is no permission: expected one of {}", all.join(", "))
    })
}
