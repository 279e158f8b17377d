//! `auth.get_jwt`

use raas_api::{
    NoParams,
    auth::{GetJwt, Jwt},
};

use crate::{Ctx, RpcError, auth::session, rpc::Handle};

impl Handle for GetJwt {
    async fn handle(ctx: &Ctx, _: NoParams) -> Result<Jwt, RpcError> {
        ctx.with_password("make tokens of sessions")?;
        let jwt = session::begin(&ctx.state, &ctx.actor, None).await?;
        Ok(Jwt { jwt })
    }
}
