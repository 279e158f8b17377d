//! Tools of the toolchain's world that are not part of it: built once, kept in `target/tools`.

use std::path::PathBuf;
use std::process::Child;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::machine::Machine;
use crate::run;

/// cargo-deny: there, or being built beside other work.
pub(crate) enum CargoDeny {
    /// Ready.
    There(PathBuf),
    /// Being built.
    Building(Child, PathBuf),
}

impl CargoDeny {
    /// Finds it, or starts building it in the background.
    pub(crate) fn find_or_build(machine: &Machine) -> Result<Self> {
        let own = machine.tools().join("bin/cargo-deny");
        if let Some(there) = machine.find("cargo-deny").or_else(|| own.is_file().then(|| own.clone())) {
            return Ok(Self::There(there));
        }
        // A debug build: it runs for a second and would take minutes longer to optimise.
        let child = machine
            .cargo(&["install", "--quiet", "--locked", "--debug", "cargo-deny", "--root"])
            .arg(machine.tools())
            .env("CARGO_TARGET_DIR", machine.tools().join("build"))
            .env("CARGO_BUILD_JOBS", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot run `cargo install cargo-deny`")?;
        Ok(Self::Building(child, own))
    }

    /// Checks bans, licences and sources by deny.toml.
    pub(crate) fn check(self, machine: &Machine) -> Result<()> {
        let program = self.wait()?;
        let mut command = machine.command(program);
        command.args([
            "--log-level",
            "error",
            "--workspace",
            "--all-features",
            "check",
            "bans",
            "licenses",
            "sources",
        ]);
        run::quiet(&mut command).map(drop)
    }

    fn wait(self) -> Result<PathBuf> {
        match self {
            Self::There(program) => Ok(program),
            Self::Building(child, program) => {
                let out = child.wait_with_output().context("cannot wait for `cargo install cargo-deny`")?;
                if !out.status.success() {
                    let errors = String::from_utf8_lossy(&out.stderr);
                    bail!(
                        "cargo-deny could not be built; install it with `cargo install --locked cargo-deny`:\n{errors}"
                    );
                }
                Ok(program)
            }
        }
    }
}
