//! Where the programs of the product are: named by the caller, or built next to the running one.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Environment name with which xtask says where the programs are.
pub const BIN_DIR: &str = "RAAS_BIN_DIR";
/// Environment name of the directory that keeps Python environments and other slow things between runs.
pub const CACHE_DIR: &str = "RAAS_LAB_CACHE";

/// The programs under test.
#[derive(Clone, Debug)]
pub struct Bins {
    /// The server and operator CLI.
    pub raas: PathBuf,
    /// The sidecar of a master.
    pub plugin: PathBuf,
}

impl Bins {
    /// The programs in `dir`, which must be there.
    pub fn in_dir(dir: &Path) -> Result<Self> {
        let find = |name: &str| {
            let path = dir.join(name);
            if !path.is_file() {
                bail!("{} is not there: build it with `cargo build`", path.display());
            }
            Ok(path)
        };
        Ok(Self { raas: find("raas")?, plugin: find("raas-plugin")? })
    }

    /// For tests and tools: where xtask said they are, else built with cargo now (nothing happens when they are fresh).
    #[allow(
        clippy::disallowed_methods,
        reason = "the lab is the main of tests: its environment is read here and passed on"
    )]
    pub fn find() -> Result<Self> {
        match std::env::var_os(BIN_DIR) {
            Some(dir) => Self::in_dir(Path::new(&dir)),
            None => Self::build(),
        }
    }

    fn build() -> Result<Self> {
        let status = Command::new(env!("CARGO"))
            .current_dir(workspace())
            .args(["build", "--quiet", "--package", "raas-cli", "--package", "raas-plugin"])
            .status()
            .context("cannot run cargo to build raas and raas-plugin")?;
        if !status.success() {
            bail!("cargo could not build raas and raas-plugin ({status})");
        }
        Self::in_dir(&beside_this_program()?)
    }
}

/// The root of the source tree that this was built from.
pub fn workspace() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

/// For tests and tools: where Python environments are kept between runs; `target/lab` unless the environment says otherwise.
#[allow(
    clippy::disallowed_methods,
    reason = "the lab is the main of tests: its environment is read here and passed on"
)]
pub fn cache_dir() -> PathBuf {
    std::env::var_os(CACHE_DIR).map_or_else(|| workspace().join("target/lab"), PathBuf::from)
}

/// `target/debug` for `target/debug/deps/main-0123`.
fn beside_this_program() -> Result<PathBuf> {
    let program = std::env::current_exe().context("cannot tell where this program is")?;
    let dir = program.parent().context("this program has no directory")?;
    Ok(if dir.ends_with("deps") { dir.parent().unwrap_or(dir).to_owned() } else { dir.to_owned() })
}
