//! The web console: its npm packages, its checks, its build.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::machine::Machine;
use crate::run::{self, Count};

/// Written after `npm ci`, with the lock file it belongs to.
const STAMP: &str = "node_modules/.installed-from";

/// Whether this tree has a console to build.
pub(crate) fn is_there(machine: &Machine) -> bool {
    machine.web().join("package.json").exists()
}

/// An npm command in the console's directory.
pub(crate) fn npm(machine: &Machine, arguments: &[&str]) -> Command {
    let mut command = machine.command("npm");
    command.current_dir(machine.web()).args(arguments).env("NO_COLOR", "1").env("CI", "true");
    command
}

/// `npm ci`, when the lock file changed since the last time.
pub(crate) fn install(machine: &Machine) -> Result<()> {
    let lock = fs::read(machine.web().join("package-lock.json"))
        .context("cannot read the console's package-lock.json")?;
    let stamp = machine.web().join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run::quiet(&mut npm(machine, &["ci", "--no-audit", "--no-fund", "--prefer-offline"]))?;
    fs::write(&stamp, &lock).with_context(|| format!("cannot write {}", stamp.display()))
}

/// Lints and types.
pub(crate) fn check(machine: &Machine) -> Result<()> {
    run::quiet(&mut npm(machine, &["run", "--silent", "lint"]))?;
    run::quiet(&mut npm(machine, &["run", "--silent", "typecheck"]))?;
    Ok(())
}

/// Unit tests.
pub(crate) fn test(machine: &Machine) -> Result<Count> {
    run::counted(&mut npm(machine, &["run", "--silent", "test"]))
}

/// Packages, then `dist`, unless nothing changed since `dist` was made.
pub(crate) fn build(machine: &Machine) -> Result<()> {
    install(machine)?;
    let web = machine.web();
    let made = web.join("dist/index.html");
    let made_at = fs::metadata(&made).and_then(|meta| meta.modified()).ok();
    let fresh = made_at.is_some_and(|time| !changed_since(&web, time));
    if fresh { Ok(()) } else { run::quiet(&mut npm(machine, &["run", "--silent", "build"])).map(drop) }
}

/// Whether a source of the console is newer than `time`.
fn changed_since(dir: &Path, time: std::time::SystemTime) -> bool {
    let Ok(entries) = fs::read_dir(dir) else { return true };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        if ["node_modules", "dist", "test-results", "e2e"].iter().any(|made| name == *made) {
            return false;
        }
        match entry.metadata() {
            Ok(meta) if meta.is_dir() => changed_since(&entry.path(), time),
            Ok(meta) => meta.modified().is_ok_and(|modified| modified > time),
            Err(_) => true,
        }
    })
}
