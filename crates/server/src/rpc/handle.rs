//! What the server adds to a method of the API: doing it.

use std::future::Future;

use raas_api::Method;

use crate::{Ctx, RpcError};

/// One RPC method, done. One implementation per file `rpc/<resource>/<method>.rs`.
pub trait Handle: Method {
    /// Does it.
    fn handle(ctx: &Ctx, params: Self::Params) -> impl Future<Output = Result<Self::Reply, RpcError>> + Send;
}
