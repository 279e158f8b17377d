//! `auth.get_auth_pubkey`

use raas_api::{
    NoParams,
    auth::{AuthPubkey, GetAuthPubkey},
};
use raas_wire::key;

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetAuthPubkey {
    async fn handle(ctx: &Ctx, _: NoParams) -> Result<AuthPubkey, RpcError> {
        let public = ctx.state.server_key.verifying_key();
        let public_key =
            key::public_to_pem(&public).map_err(|error| RpcError::Internal(error.to_string()))?;
        Ok(AuthPubkey { public_key, fingerprint: key::fingerprint(&public) })
    }
}
