//! `auth.save_token`: the token is drawn, shown once, and kept as its hash.

use jiff::SignedDuration;
use raas_api::{
    Permission, Scope,
    auth::{NewToken, SaveToken, SaveTokenParams},
};
use raas_db::api_token::{self, ApiToken};

use super::reach;
use crate::{Ctx, RpcError, auth::api_token as token, job::after, rpc::Handle};

/// Days of a token when nothing is said.
const DAYS: u32 = 90;
/// Most days of a token.
const MOST_DAYS: u32 = 366;

impl Handle for SaveToken {
    async fn handle(ctx: &Ctx, params: SaveTokenParams) -> Result<NewToken, RpcError> {
        ctx.with_password("make tokens")?;
        reach::name("name", &params.name)?;
        let days = params.days.unwrap_or(DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(RpcError::invalid("days", days, format!("1 to {MOST_DAYS}")));
        }
        let perms: Option<Vec<String>> =
            params.perms.map(|perms| perms.into_iter().map(Permission::as_str).map(str::to_owned).collect());
        reach::holds(&ctx.actor, "these permissions", perms.as_deref().unwrap_or_default())?;
        let scope = scope(params.scope, perms.as_deref())?;
        let (text, hash) = token::draw(ctx.state.random.as_ref());
        let new = ApiToken {
            token_uuid: ctx.state.random.uuid(),
            account_uuid: ctx.actor.account_uuid,
            name: params.name,
            perms,
            scope,
            created_at: ctx.now(),
            expires_at: after(ctx.now(), SignedDuration::from_hours(24 * i64::from(days))),
            last_used_at: None,
        };
        let mut client = ctx.state.db.client().await?;
        let tx = client.transaction().await?;
        if !api_token::insert(&tx, &new, &hash).await? {
            return Err(RpcError::Conflict(format!(
                "you have a token {:?} already: delete it, or name this one otherwise",
                new.name
            )));
        }
        ctx.audit(&tx).await?;
        tx.commit().await?;
        Ok(NewToken { uuid: new.token_uuid, token: text.into(), expires: new.expires_at })
    }
}

/// The limit of a token as it is stored. One that may do everything could lift it.
fn scope(given: Option<Scope>, perms: Option<&[String]>) -> Result<Option<String>, RpcError> {
    let Some(scope) = given.filter(|scope| !scope.is_empty()) else { return Ok(None) };
    if perms.is_none_or(|perms| perms.iter().any(|word| word == Permission::Superuser.as_str())) {
        return Err(RpcError::Unusable(
            "a token with a scope needs perms, and superuser is not one of them: give perms, as [\"cmd-run\"]"
                .to_owned(),
        ));
    }
    reach::scope(Some(scope), None)
}
