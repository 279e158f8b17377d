//! `master.get_plugin_versions`: the plugin that belongs to this server.

use raas_api::master::{GetPluginVersions, GetPluginVersionsParams, PluginVersion, PluginVersions};

use crate::{Ctx, RpcError, rpc::Handle};

impl Handle for GetPluginVersions {
    async fn handle(_: &Ctx, _: GetPluginVersionsParams) -> Result<PluginVersions, RpcError> {
        let named = |message: &str| PluginVersion {
            name: "raas-plugin".to_owned(),
            message: message.to_owned(),
            ..PluginVersion::default()
        };
        let current = PluginVersion {
            git_describe: Some(format!("v{}", env!("CARGO_PKG_VERSION"))),
            ..named(
                "comes with this server's release; update the program raas-plugin on the master and restart salt-master",
            )
        };
        Ok(PluginVersions { current, rollback: named("no older one is kept") })
    }
}
