//! Salt's engine manager: the plugin is a child of the master, and started again a moment after it ended, for ever.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::process::Command;

use super::dice::Dice;
use super::place::Place;

/// Keeps the plugin running until the master ends. What it prints is in `log/engine.log`.
pub(super) async fn keep(place: &Place, plugin: &Path) -> Result<()> {
    let mut dice = Dice::named(u64::from(std::process::id()), "engine");
    loop {
        let path = place.path("log/engine.log");
        let log = std::fs::File::options().create(true).append(true).open(&path);
        let log = log.with_context(|| format!("cannot open {}", path.display()))?;
        let mut child = Command::new(plugin)
            .arg("--config-dir")
            .arg(place.path("conf"))
            .arg("run")
            .stdin(Stdio::null())
            .stdout(log.try_clone().context("cannot open the log twice")?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", plugin.display()))?;
        if let Some(pid) = child.id() {
            std::fs::write(place.path("plugin.pid"), pid.to_string()).context("cannot write plugin.pid")?;
        }
        child.wait().await.context("cannot wait for the plugin")?;
        // Measured on real Salt: 1.4 to 3.0 s.
        tokio::time::sleep(dice.ms(1400, 3000)).await;
    }
}
