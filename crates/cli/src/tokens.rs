//! `raas tokens [list|save|delete]`

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use raas_api::auth::{
    DeleteToken, DeleteTokenParams, GetTokens, GetTokensParams, SaveToken, SaveTokenParams, Token,
};
use raas_client::Client;
use serde_json::json;
use uuid::Uuid;

use crate::{
    door::Door,
    output::{done, say, show, time},
    roles::permission,
    users,
};

/// What about the tokens of programs.
#[derive(Debug, Args)]
pub(crate) struct TokensArgs {
    #[command(subcommand)]
    verb: Option<TokensVerb>,
}

#[derive(Debug, Subcommand)]
enum TokensVerb {
    /// Your tokens: what for, until when, last used when.
    List {
        /// Of everybody.
        #[arg(long)]
        everybody: bool,
    },
    /// Make a token and print it, this once. Use it as RAAS_TOKEN, or as Authorization: Bearer.
    Save {
        /// What it is for.
        name: String,
        /// Of your permissions only this, as cmd-run; may be given several times.
        #[arg(long = "perm")]
        perms: Option<Vec<String>>,
        /// Of your minions only these: CLUSTER=TARGET (glob), as eu-web='web*'; wants --perm. May be given several times.
        #[arg(long)]
        scope: Option<Vec<String>>,
        /// Days until it ends.
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// Revoke tokens.
    Delete {
        /// Names or uuids.
        #[arg(required = true)]
        tokens: Vec<String>,
    },
}

pub(crate) async fn run(door: &Door, args: TokensArgs) -> anyhow::Result<ExitCode> {
    let client = door.client()?;
    match args.verb.unwrap_or(TokensVerb::List { everybody: false }) {
        TokensVerb::List { everybody } => list(door, &client, everybody).await?,
        TokensVerb::Save { name, perms, scope, days } => {
            let perms = perms.map(|words| words.iter().map(|word| permission(word)).collect()).transpose()?;
            let scope = scope.as_deref().map(users::scope).transpose()?;
            save(door, &client, SaveTokenParams { name, perms, days: Some(days), scope }).await?;
        }
        TokensVerb::Delete { tokens } => delete(door, &client, &tokens).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(door: &Door, client: &Client, everybody: bool) -> anyhow::Result<()> {
    let params = GetTokensParams { account_uuid: None, everybody };
    let answer = client.call::<GetTokens>(&params).await?;
    let columns = ["token", "user", "allows", "limited to", "expires", "last used", "uuid"];
    show(door.output, &answer.ret, &columns, || {
        let row = |one: &Token| {
            vec![
                one.name.clone(),
                one.username.clone(),
                one.perms.as_ref().map_or_else(|| "all".to_owned(), |perms| perms.join(", ")),
                users::limit(one.scope.as_ref()),
                time(Some(one.expires)),
                time(one.last_used),
                one.uuid.to_string(),
            ]
        };
        answer.ret.iter().map(row).collect()
    })
}

async fn save(door: &Door, client: &Client, params: SaveTokenParams) -> anyhow::Result<()> {
    let made = client.call::<SaveToken>(&params).await?.ret;
    eprintln!(
        "It ends at {}. The server does not keep it: this is the only time you see it.",
        time(Some(made.expires))
    );
    say(door.output, made.token.expose())?;
    let shown = json!({"uuid": made.uuid, "token": made.token.expose(), "expires": made.expires});
    done(door.output, &shown)
}

async fn delete(door: &Door, client: &Client, tokens: &[String]) -> anyhow::Result<()> {
    let own = client.call::<GetTokens>(&GetTokensParams::default()).await?.ret;
    for token in tokens {
        let by_name = own.iter().find(|one| one.name == *token).map(|one| one.uuid);
        let token_uuid: Uuid = by_name
            .or_else(|| token.parse().ok())
            .with_context(|| format!("you have no token {token:?}: look at raas tokens"))?;
        client.call::<DeleteToken>(&DeleteTokenParams { token_uuid }).await?;
        say(door.output, &format!("Token {token} is revoked."))?;
    }
    done(door.output, &json!({"deleted": tokens}))
}
