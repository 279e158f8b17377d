//! `raas users [list|save|delete|password|sessions|sign-out]`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use raas_api::{
    Scope,
    auth::{
        ChangePassword, ChangePasswordParams, DeleteUser, DeleteUserParams, EndSession, EndSessionParams,
        GetAllUsers, GetAllUsersParams, GetSessions, GetSessionsParams, GetUser, GetUserParams, SaveUser,
        SaveUserParams,
    },
};
use raas_client::{Client, ClientError};
use serde_json::json;
use uuid::Uuid;

use crate::{
    door::{Door, new_password},
    output::{done, say, show, time, warn},
};

/// What about the accounts.
#[derive(Debug, Args)]
pub(crate) struct UsersArgs {
    #[command(subcommand)]
    verb: Option<UsersVerb>,
}

#[derive(Debug, Subcommand)]
enum UsersVerb {
    /// Accounts with their roles and groups.
    List,
    /// Make an account, or change it: what is not given stays as it is. The password of a new one is asked for.
    Save(Save),
    /// Delete accounts; what they did stays in the history.
    Delete {
        /// Names.
        #[arg(required = true)]
        users: Vec<String>,
    },
    /// Set a new password; it is asked for.
    Password {
        /// Name.
        #[arg(value_name = "USER")]
        account: String,
        /// A file that holds the new password.
        #[arg(long)]
        new_password_file: Option<std::path::PathBuf>,
    },
    /// Where you are signed in.
    Sessions {
        /// Who is signed in.
        #[arg(long)]
        everybody: bool,
    },
    /// End a session, or all sessions of an account.
    SignOut {
        /// The uuid of a session, or the name of an account.
        whom: String,
    },
}

#[derive(Debug, Args)]
// Accounts are named "account" here: "user" is whom every verb signs in as.
struct Save {
    /// Name.
    #[arg(value_name = "USER")]
    account: String,
    /// A role; may be given several times. Exactly these.
    #[arg(long = "role")]
    roles: Option<Vec<String>>,
    /// A group; may be given several times. Exactly these.
    #[arg(long = "group")]
    groups: Option<Vec<String>>,
    /// Limit to these minions: CLUSTER=TARGET (glob), as eu-web='web*'. May be given several times.
    #[arg(long)]
    scope: Option<Vec<String>>,
    /// A file that holds the password of a new account.
    #[arg(long)]
    new_password_file: Option<std::path::PathBuf>,
}

pub(crate) async fn run(door: &Door, args: UsersArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    match args.verb.unwrap_or(UsersVerb::List) {
        UsersVerb::List => list(door, &client).await?,
        UsersVerb::Save(args) => save(door, &client, args).await?,
        UsersVerb::Delete { users } => {
            for user in &users {
                let params = DeleteUserParams { username: Some(user.clone()), ..DeleteUserParams::default() };
                client.call::<DeleteUser>(&params).await?;
                say(door.output, &format!("Account {user} is deleted."))?;
            }
            done(door.output, &json!({"deleted": users}))?;
        }
        UsersVerb::Password { account: user, new_password_file } => {
            let account_uuid = uuid_of(&client, &user).await?;
            let password = new_password(&user, new_password_file.as_deref())?.into();
            client.call::<ChangePassword>(&ChangePasswordParams { account_uuid, password }).await?;
            say(door.output, &format!("The password of {user} is changed; its other sessions have ended."))?;
            done(door.output, &json!({"user": user, "uuid": account_uuid}))?;
        }
        UsersVerb::Sessions { everybody } => sessions(door, &client, everybody).await?,
        UsersVerb::SignOut { whom } => {
            let mut params = EndSessionParams { session_uuid: whom.parse().ok(), account_uuid: None };
            if params.session_uuid.is_none() {
                params.account_uuid = Some(uuid_of(&client, &whom).await?);
            }
            let ended = client.call::<EndSession>(&params).await?.ret;
            say(door.output, &format!("{ended} session{} ended.", if ended == 1 { "" } else { "s" }))?;
            done(door.output, &json!({"ended": ended}))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(door: &Door, client: &Client) -> anyhow::Result<()> {
    let params = GetAllUsersParams {
        include_inherited_roles: true,
        include_groups: true,
        limit: -1,
        ..GetAllUsersParams::default()
    };
    let answer = client.call::<GetAllUsers>(&params).await?;
    warn(&answer.warnings);
    let words = |list: &Option<Vec<String>>| list.as_deref().unwrap_or_default().join(", ");
    show(door.output, &answer.ret.results, &["user", "roles", "groups", "last login", "uuid"], || {
        let rows = answer.ret.results.iter();
        rows.map(|one| {
            vec![
                one.username.clone(),
                words(&one.roles),
                words(&one.groups),
                time(one.last_login),
                one.uuid.to_string(),
            ]
        })
        .collect()
    })
}

async fn save(door: &Door, client: &Client, args: Save) -> anyhow::Result<()> {
    let params = GetUserParams { username: Some(args.account.clone()), ..GetUserParams::default() };
    let is_new = match client.call::<GetUser>(&params).await {
        Ok(_) => false,
        Err(ClientError::Method { error, .. }) if error.code == 404 => true,
        Err(error) => return Err(error.into()),
    };
    let password = if is_new || args.new_password_file.is_some() {
        Some(new_password(&args.account, args.new_password_file.as_deref())?.into())
    } else {
        None
    };
    let params = SaveUserParams {
        username: Some(args.account.clone()),
        roles: args.roles,
        groups: args.groups,
        password,
        scope: args.scope.as_deref().map(scope).transpose()?,
        ..SaveUserParams::default()
    };
    let uuid = client.call::<SaveUser>(&params).await?.ret;
    say(door.output, &format!("Account {} is saved ({uuid}).", args.account))?;
    done(door.output, &json!({"user": args.account, "uuid": uuid}))
}

/// Reads `CLUSTER=TARGET`, several of them; an empty text takes the limit away.
pub(crate) fn scope(given: &[String]) -> anyhow::Result<Scope> {
    let mut scope = Scope::new();
    for one in given.iter().filter(|one| !one.is_empty()) {
        let (cluster, target) = one
            .split_once('=')
            .ok_or_else(|| anyhow::anyhow!("--scope {one:?}: expected CLUSTER=TARGET, as eu-web='web*'"))?;
        if scope.insert(cluster.to_owned(), raas_api::cmd::RouteTarget::glob(target)).is_some() {
            anyhow::bail!(
                "--scope names {cluster:?} twice: give one target, as {cluster}='web*' (the API takes compound ones)"
            );
        }
    }
    Ok(scope)
}

/// A limit as tables show it.
pub(crate) fn limit(scope: Option<&Scope>) -> String {
    let Some(scope) = scope else { return "-".to_owned() };
    let one = |(cluster, asked): (&String, &raas_api::cmd::RouteTarget)| {
        format!("{cluster}={} ({})", json!(asked.tgt), asked.tgt_type)
    };
    scope.iter().map(one).collect::<Vec<_>>().join(", ")
}

async fn uuid_of(client: &Client, user: &str) -> anyhow::Result<Uuid> {
    let params = GetUserParams { username: Some(user.to_owned()), ..GetUserParams::default() };
    Ok(client.call::<GetUser>(&params).await?.ret.uuid)
}

async fn sessions(door: &Door, client: &Client, everybody: bool) -> anyhow::Result<()> {
    let params = GetSessionsParams { account_uuid: None, everybody };
    let answer = client.call::<GetSessions>(&params).await?;
    show(door.output, &answer.ret, &["user", "from", "since", "last seen", "with", "session"], || {
        let rows = answer.ret.iter();
        rows.map(|one| {
            vec![
                one.username.clone(),
                one.address.clone().unwrap_or_else(|| "-".to_owned()),
                time(Some(one.created)),
                time(Some(one.last_seen)),
                one.user_agent.clone().unwrap_or_else(|| "-".to_owned()),
                format!("{}{}", one.uuid, if one.current { " (this one)" } else { "" }),
            ]
        })
        .collect()
    })
}
