//! What the kernel says of a process.

use anyhow::{Context, Result};

/// Memory of a process in MiB: `VmRSS` is what it holds now, `VmHWM` the most that it ever held.
pub(super) fn mib(pid: u32, what: &str) -> Result<f64> {
    let path = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    let kib: f64 = line
        .and_then(|line| line.split_whitespace().next()?.parse().ok())
        .with_context(|| format!("{path} has no {what}"))?;
    Ok(kib / 1024.0)
}
