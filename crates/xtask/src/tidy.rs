//! The rules of the house that no compiler checks: every violation with its place, all at once.

mod arrows;
mod promises;
mod sources;

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::machine::Machine;
use crate::run;

/// Checks everything.
pub(crate) fn run(machine: &Machine) -> Result<()> {
    let mut problems = Vec::new();
    let mut functions = BTreeSet::new();
    for path in files(machine)? {
        // Files that are gone but not yet committed as such do not matter.
        if let Ok(bytes) = std::fs::read(machine.root.join(&path)) {
            let text = String::from_utf8_lossy(&bytes);
            sources::check(&path, &text, &mut problems);
            if std::path::Path::new(&path).extension().is_some_and(|extension| extension == "rs") {
                functions.extend(promises::functions(&text).map(str::to_owned));
            }
        }
    }
    if let Ok(document) = std::fs::read_to_string(machine.root.join(promises::DOCUMENT)) {
        promises::check(&document, &functions, &mut problems);
    }
    arrows::check(machine, &mut problems)?;
    if problems.is_empty() {
        return Ok(());
    }
    bail!("{} things are not tidy:\n  {}", problems.len(), problems.join("\n  "))
}

/// Files of the source tree that are, or would be, committed.
fn files(machine: &Machine) -> Result<BTreeSet<String>> {
    let mut git = machine.command("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    Ok(run::quiet(&mut git)?.lines().map(str::to_owned).collect())
}
