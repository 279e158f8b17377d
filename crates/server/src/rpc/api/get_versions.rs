//! `api.get_versions`

use std::collections::BTreeMap;

use raas_api::{
    NoParams,
    discover::{GetVersions, Versions},
};
use serde_json::json;

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetVersions {
    async fn handle(ctx: &Ctx, _: NoParams) -> Result<Versions, RpcError> {
        let raas = BTreeMap::from([
            ("raas".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
            ("plugin_protocol".to_owned(), raas_wire::PROTOCOL.to_string()),
        ]);
        let private = ctx.state.config.database.url.is_none();
        Ok(Versions {
            python: None,
            opts: json!({"sql": {"dialect": "postgresql", "private": private}}),
            raas,
        })
    }
}
