//! `stats.null`: nothing, as fast as can be.

use raas_api::stats::{Null, NullParams};

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for Null {
    async fn handle(_: &Ctx, _: NullParams) -> Result<(), RpcError> {
        Ok(())
    }
}
