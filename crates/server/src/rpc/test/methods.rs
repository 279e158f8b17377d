//! The four of them; too small for a file each.

use std::time::Duration;

use raas_api::{
    NoParams,
    test::{Echo, EchoParams, Error, Sleep, SleepParams, Warnings},
};

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for Echo {
    async fn handle(_: &Ctx, params: EchoParams) -> Result<String, RpcError> {
        Ok(params.message)
    }
}

impl Handle for Error {
    async fn handle(_: &Ctx, _: NoParams) -> Result<bool, RpcError> {
        Err(RpcError::Unusable("this is the error that test.error always raises".to_owned()))
    }
}

impl Handle for Sleep {
    async fn handle(ctx: &Ctx, params: SleepParams) -> Result<String, RpcError> {
        if !(1.0..=120.0).contains(&params.seconds) {
            return Err(RpcError::invalid("seconds", params.seconds, "a number from 1 to 120"));
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs_f64(params.seconds)) => Ok(format!("slept {} s", params.seconds)),
            () = ctx.state.shutdown.cancelled() => Err(RpcError::Unavailable("the server is stopping".to_owned())),
        }
    }
}

impl Handle for Warnings {
    async fn handle(ctx: &Ctx, _: NoParams) -> Result<bool, RpcError> {
        ctx.warn("this is the warning that test.warnings always gives");
        Ok(true)
    }
}
