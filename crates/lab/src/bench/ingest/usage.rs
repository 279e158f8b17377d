//! What processes used, as the kernel counts: processor time and the most memory.

use std::path::Path;

use anyhow::{Context, Result};

/// Clock ticks in a second, in which the kernel counts processor time for programs (`USER_HZ`).
const TICKS: f64 = 100.0;

/// The most memory that a process ever held at once, in MiB.
pub(super) fn peak_mib(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: f64 = line
        .and_then(|line| line.split_whitespace().next()?.parse().ok())
        .with_context(|| format!("{path} has no VmHWM"))?;
    Ok(kib / 1024.0)
}

/// Seconds of processor time of a process, with those of its children that ended.
pub(super) fn cpu_seconds(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name of the program, in brackets, may hold spaces.
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 =
        rest.split_whitespace().skip(11).take(4).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / TICKS
}

/// The same of a PostgreSQL server: its main process, whose children ended, and those that live.
pub(super) fn postgres_seconds(data: &Path) -> f64 {
    let file = std::fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let Some(main) = file.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else { return 0.0 };
    let children = std::fs::read_to_string(format!("/proc/{main}/task/{main}/children")).unwrap_or_default();
    let living: f64 = children.split_whitespace().filter_map(|pid| pid.parse().ok()).map(cpu_seconds).sum();
    cpu_seconds(main) + living
}
