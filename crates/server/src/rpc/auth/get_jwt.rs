//! `auth.get_jwt`

use raas_api::{
    NoParams,
    auth::{GetJwt, Jwt},
};

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetJwt {
    async fn handle(ctx: &Ctx, _: NoParams) -> Result<Jwt, RpcError> {
        let jwt = ctx.state.tokens.issue(&ctx.actor, ctx.now())?;
        Ok(Jwt { jwt })
    }
}
