//! The master's configuration as the plugin takes it: its files, and over them the options that its engine handed along.

use std::path::Path;

use anyhow::{Context as _, Result};
use raas_salt::MasterConfig;

pub(super) fn config(config_dir: &Path, options_fd: Option<i32>) -> Result<MasterConfig> {
    let config = MasterConfig::read(config_dir).context("the configuration of the master cannot be used")?;
    let Some(handle) = options_fd else { return Ok(config) };
    let text = std::fs::read_to_string(format!("/proc/self/fd/{handle}"))
        .with_context(|| format!("the engine's options (file handle {handle}) cannot be read"))?;
    let options = serde_json::from_str(&text).context("the engine's options are not JSON")?;
    Ok(config.with_opts(&options)?)
}
